import type { Part } from './child.ts';
import type { Database } from './database.ts';
import type { Link } from './proxy.ts';
import type { ReceiverProcess } from './start-receiver.ts';

/** What the parts run on: one mongod behind links, three in a replica set, or one on a disk that is soon full. */
export type StageKind = 'single' | 'replica-set' | 'small-disk';

/** Links between parts; those to MongoDB are not there on a replica set, whose clients go by its own addresses. */
export type LinkName =
  | 'api-mongodb'
  | 'worker-mongodb'
  | 'api-temporal'
  | 'worker-temporal'
  | 'worker-endpoint';

/** Temporal's development server on a database file. */
export interface TemporalPart extends Part {
  address: string;
  /** Removes its database; only while it does not run. */
  empty: () => Promise<void>;
}

/** All parts of an installation, each in a process of its own, joined by links that can fail. */
export interface Stage {
  kind: StageKind;
  /** Holds every log. */
  folder: string;
  apiUrl: string;
  apiKey: string;
  /** Where webhooks send to, over the link. */
  endpointUrl: string;
  database: Database;
  temporal: TemporalPart;
  api: Part;
  workers: readonly [Part, Part];
  receiver: ReceiverProcess;
  links: Partial<Record<LinkName, Link>>;
  /** Runs `tablehook setup`. */
  setup: () => Promise<void>;
  /** Stops everything; answers what did not end in order. */
  close: () => Promise<string[]>;
}

/** A link that the stage of this kind has. */
export function linkOf({ links }: Stage, name: LinkName): Link {
  const link = links[name];
  if (!link) throw new Error(`This stage has no link ${name}.`);
  return link;
}
