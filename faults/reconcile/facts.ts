import type { ChangeDoc } from '../../src/models/change.ts';
import type { DeliveryDoc } from '../../src/models/delivery.ts';
import type { Ground } from '../load/ground.ts';
import type { EndedWrite } from '../load/write.ts';
import type { LoggedCall } from '../receiver/messages.ts';

/** All that is known of a run when it is over: what was asked and answered, what is stored, what the endpoint got. */
export interface Facts {
  ground: Ground;
  writes: readonly EndedWrite[];
  changes: readonly ChangeDoc[];
  deliveries: readonly DeliveryDoc[];
  calls: readonly LoggedCall[];
}

/** Something that must not be, and of which kind. */
export interface Finding {
  /**
   * `lost`: owed and not there, not delivered, or said to be delivered and never taken by the endpoint. `wrong`: there, with
   * other contents, twice where once was asked for, or never owed. `disorder`: an ordered webhook got a later version first.
   * `workflows`: one ended otherwise than completed. `rest`: the REST API does not say what MongoDB holds.
   */
  kind: 'lost' | 'wrong' | 'disorder' | 'workflows' | 'rest';
  what: string;
}
