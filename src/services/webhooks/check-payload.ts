import type { EventType } from '../../contracts/change.ts';
import { EventType as EventTypes } from '../../contracts/change.ts';
import { findTemplateFault } from '../../contracts/payload.ts';
import { renderPayload } from '../../domain/payload/render-payload.ts';
import type { SampleState } from '../../domain/sample-change.ts';
import { toSampleChange } from '../../domain/sample-change.ts';
import { InvalidRequestError, UnprocessableError } from '../../errors.ts';
import type { TableDoc } from '../../models/table.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { ServiceContext } from '../context.ts';

const PATH = 'payload.template';

export interface CheckPayloadInput {
  table: TableDoc;
  /** As it is about to be stored. */
  webhook: Pick<WebhookDoc, '_id' | 'name' | 'events' | 'payload'>;
}

/**
 * Tries what a webhook is to send on samples of every event type it asks for: with a value in every field, and with none.
 * Throws InvalidRequestError for a template where none belongs or none is, UnprocessableError for one that does not parse or
 * does not yield JSON, saying where and of what.
 */
export function checkPayload(
  { newId, clock, recordWorkflowsLink }: Pick<ServiceContext, 'newId' | 'clock' | 'recordWorkflowsLink'>,
  { table, webhook: { _id, name, events, payload } }: CheckPayloadInput,
): void {
  const fault = findTemplateFault(payload);
  if (fault !== null) {
    throw new InvalidRequestError(`The payload is not valid. ${PATH}: ${fault}.`, [
      { path: PATH, message: fault },
    ]);
  }
  if (payload.format !== 'template') return;
  const ids = { changeId: newId('chg'), recordId: newId('rec') };
  const now = clock();
  for (const { type, previous, record } of samplesOf(events)) {
    const sample = toSampleChange({
      table: { id: table._id, name: table.name, schemaVersion: table.schemaVersion, fields: table.fields },
      type,
      now,
      ids,
      previous,
      record,
    });
    const recordUrl = () => recordWorkflowsLink(ids.recordId).url;
    const rendered = renderPayload(sample, { webhook: { id: _id, name }, payload, recordUrl });
    if (!rendered.ok) throw templateFails(`${describe({ type, previous, record })}: ${rendered.detail}`);
  }
}

function templateFails(message: string): UnprocessableError {
  return new UnprocessableError(`The template fails. ${PATH}: ${message}.`, [{ path: PATH, message }]);
}

interface Sample {
  type: EventType;
  previous: SampleState;
  record: SampleState;
}

function samplesOf(events: WebhookDoc['events']): Sample[] {
  const types = EventTypes.options.filter((type) => events.includes(type) || events.includes('record.*'));
  const states: Pick<Sample, 'previous' | 'record'>[] = [
    { previous: 'full', record: 'full' },
    { previous: 'full', record: 'empty' },
    { previous: 'empty', record: 'full' },
  ];
  return types.flatMap((type) => states.map((state) => ({ type, ...state })));
}

function describe({ type, previous, record }: Sample): string {
  const isEmpty = {
    'record.created': [record],
    'record.updated': [previous, record],
    'record.deleted': [previous],
  };
  const has = isEmpty[type].includes('empty')
    ? 'whose values are cleared or were not set'
    : 'with every value set';
  return `on a sample ${type} ${has}`;
}
