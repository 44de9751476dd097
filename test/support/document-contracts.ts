import { CreateReplayInput } from '../../src/contracts/replay.ts';
import { ReportChangesInput } from '../../src/contracts/change.ts';
import { CreateTableInput } from '../../src/contracts/table.ts';
import { CreateWebhookInput, UpdateWebhookInput } from '../../src/contracts/webhook.ts';
import { EventBody } from '../../src/contracts/event-body.ts';

/** Throws what is wrong with a value. */
type Judge = (value: unknown) => unknown;

/** What a `json` block may say it is; `any` is somebody else's JSON. */
export const DOCUMENT_CONTRACTS: Record<string, Judge> = {
  CreateTableInput: (value) => CreateTableInput.parse(value),
  CreateWebhookInput: (value) => CreateWebhookInput.parse(value),
  UpdateWebhookInput: (value) => UpdateWebhookInput.parse(value),
  CreateReplayInput: (value) => CreateReplayInput.parse(value),
  ReportChangesInput: (value) => ReportChangesInput.parse(value),
  EventBody: (value) => EventBody.parse(value),
  any: () => undefined,
};

/** Ids that a document leaves out as `chg_…`, made whole. */
export function fillIds(text: string): string {
  return text.replaceAll(/\b([a-z]{3})_…/g, '$1_01h455vb4pex5vsknk084sn02q');
}
