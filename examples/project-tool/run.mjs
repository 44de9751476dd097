import { orThrow } from 'tablehook/client';
import { isMain, tell } from '../support/main.mjs';
import { findFreePort } from '../support/serve.mjs';
import { check, connect, summary, untilDeliveries } from '../support/tablehook.mjs';
import { startProjectTool } from './project-tool.mjs';

/**
 * A task that moves from pending to completed starts the next step in a project tool; other edits start nothing.
 * @param {{ url: string, apiKey: string, log?: (line: string) => void }} target
 */
export async function runStory({ url, apiKey, log = () => {} }) {
  const tablehook = connect({ url, apiKey });
  const port = await findFreePort();

  const table = await orThrow(
    tablehook.POST('/v1/tables', {
      body: {
        name: 'Tasks',
        fields: [
          { name: 'Title', type: 'text' },
          { name: 'Status', type: 'select', options: ['pending', 'completed'] },
        ],
      },
    }),
  );
  log(`table     ${table.id} Tasks`);

  const webhook = await orThrow(
    tablehook.POST('/v1/tables/{tableId}/webhooks', {
      params: { path: { tableId: table.id } },
      body: {
        name: 'Project tool',
        url: `http://127.0.0.1:${port}/tasks`,
        events: ['record.updated'],
      },
    }),
  );
  log(`webhook   ${webhook.id} calls ${webhook.url} on record.updated`);

  const tool = await startProjectTool({ port, secret: webhook.secret, log });
  try {
    const task = await orThrow(
      tablehook.POST('/v1/tables/{tableId}/records', {
        params: { path: { tableId: table.id } },
        body: {
          values: { Title: 'Draft the release notes', Status: 'pending' },
        },
      }),
    );
    const edit = async (values) => {
      const written = await orThrow(
        tablehook.PATCH('/v1/tables/{tableId}/records/{recordId}', {
          params: { path: { tableId: table.id, recordId: task.id } },
          body: { values, operatorId: 'ana' },
        }),
      );
      log(`record    ${task.id} ${JSON.stringify(values)}`);
      const change = await untilDeliveries(tablehook, written.changeId);
      log(`outcome   ${summary(change)}`);
      return change;
    };

    const retitled = await edit({ Title: 'Write the release notes' });
    check(retitled.deliveries[0].lastStatus === 204, `a new title is ${summary(retitled)}`);
    check(tool.steps().length === 0, 'a new title started a step');

    const completed = await edit({ Status: 'completed' });
    log(`Temporal  ${completed.workflow?.url ?? completed.workflow?.id}`);
    check(completed.deliveries[0].lastStatus === 201, `the completion is ${summary(completed)}`);
    check(tool.steps().length === 1, `${tool.steps().length} steps were started, not 1`);
    return { change: completed, steps: tool.steps() };
  } finally {
    await tool.close();
  }
}

if (isMain(import.meta.url)) await tell(runStory);
