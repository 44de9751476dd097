import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProjectTool } from '../../../examples/project-tool/project-tool.mjs';
import { findFreePort } from '../../../examples/support/serve.mjs';
import type { JsonObject } from '../../../src/contracts/json.ts';
import { loseFirstAnswer } from '../../support/lose-first-answer.ts';
import { runExample } from '../../support/run-example.ts';
import { sendEvent } from '../../support/send-event.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

describe('examples/project-tool', () => {
  let tablehook: Tablehook;
  const closing: { close: () => Promise<void> }[] = [];

  beforeAll(async () => {
    tablehook = await startTablehook();
  });
  afterAll(async () => {
    for (const { close } of closing) await close();
    await tablehook.stop();
  });

  /** A table whose every event goes to a project tool, which counts what it starts. */
  const setUp = async ({ lossy = false } = {}) => {
    const port = await findFreePort();
    const toolUrl = `http://127.0.0.1:${port}/tasks`;
    const before = lossy ? await loseFirstAnswer(toolUrl) : null;
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, {
      url: before?.url ?? toolUrl,
      events: lossy ? ['record.updated'] : ['record.*'],
      retry: { initialMs: 50, factor: 1, jitter: 0 },
    });
    const tool = await startProjectTool({ port, secret: webhook.secret });
    closing.push(tool, ...(before ? [before] : []));
    const statusesOf = async (changeId: string | null) => {
      const { attempts } = await tablehook.deliveryOf(changeId, webhook.id);
      return attempts.map(({ status }) => status);
    };
    return { table, webhook, tool, before, statusesOf };
  };

  it('runs as told: a new title starts nothing, the completion starts one step', async () => {
    const env = { TABLEHOOK_URL: tablehook.url, TABLEHOOK_API_KEY: tablehook.apiKey };
    const { code, output } = await runExample('project-tool', env);
    expect(output).toContain('delivered, 1 attempt, last answer 204');
    expect(output).toContain('tool      started "Review: Write the release notes"');
    expect(output).toContain('delivered, 1 attempt, last answer 201');
    expect(code).toBe(0);
  });

  it('starts nothing when a task changes in other ways', async () => {
    const { table, tool, statusesOf } = await setUp();
    const create = async (values: JsonObject) => tablehook.createRecord(table.id, values);
    const update = async (recordId: string, values: JsonObject) =>
      (await tablehook.updateRecord(table.id, recordId, values)).changeId;
    const pending = await create({ Title: 'A', Status: 'pending' });
    const born = await create({ Title: 'B', Status: 'completed' });
    const open = await create({ Title: 'C' });
    const changes = [
      pending.changeId,
      born.changeId,
      await update(pending.id, { Title: 'A2' }),
      await update(born.id, { Status: 'pending' }),
      await update(open.id, { Status: 'completed' }),
    ];
    for (const changeId of changes) expect(await statusesOf(changeId)).toEqual([204]);
    expect(tool.steps()).toEqual([]);
    const completed = await update(pending.id, { Title: 'A3', Status: 'completed' });
    expect(await statusesOf(completed)).toEqual([201]);
    expect(tool.steps()).toEqual([{ name: 'Review: A3', taskId: pending.id, startedBy: expect.any(String) }]);
  });

  it('starts one step when the same delivery comes twice', async () => {
    const { table, tool, before, statusesOf } = await setUp({ lossy: true });
    const task = await tablehook.createRecord(table.id, { Title: 'A', Status: 'pending' });
    const { changeId } = await tablehook.updateRecord(table.id, task.id, { Status: 'completed' });
    expect(await statusesOf(changeId)).toEqual([503, 200]);
    expect(before?.received).toHaveLength(2);
    expect(tool.steps()).toHaveLength(1);
  });

  it('refuses an event that is not signed, or altered on the way', async () => {
    const { webhook, tool } = await setUp();
    const changes = [{ fieldId: 'fld_1', fieldName: 'Status', from: 'pending', to: 'completed' }];
    const event = {
      type: 'record.updated',
      items: [{ recordId: 'rec_1', recordVersion: 2, record: { Title: 'A' }, changes }],
    };
    const unsigned = await sendEvent(tool.url, event, { secret: null });
    const altered = await sendEvent(
      tool.url,
      { ...event, items: [] },
      {
        secret: webhook.secret,
        tampered: JSON.stringify(event),
      },
    );
    expect([unsigned.status, altered.status]).toEqual([401, 401]);
    expect(tool.steps()).toEqual([]);
  });
});
