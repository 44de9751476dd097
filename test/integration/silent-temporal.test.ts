import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { awaitTest } from '../../src/temporal/await-test.ts';
import { openWorkflows } from '../../src/temporal/workflows.ts';

/** A way to the Temporal server of this run on which nothing comes back any more once it is cut. */
async function openWay() {
  const [host = '', port] = inject('temporalAddress').split(':');
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const temporal = connect({ host, port: Number(port) });
    sockets.push(socket, temporal);
    for (const one of [socket, temporal]) one.on('error', () => one.destroy());
    socket.pipe(temporal).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      for (const socket of sockets) socket.unpipe().resume();
    },
  };
}

describe('the door to workflows', () => {
  it('gives up after 5 s on a Temporal server that falls silent, the list of running workflows too', async () => {
    const way = await openWay();
    const connection = await NativeConnection.connect({ address: way.address });
    onTestFinished(async () => connection.close());
    const client = new Client({ connection });
    const workflows = openWorkflows({ client, taskQueue: 'silent', eager: false, onRefusedWords: () => {} });
    const list = async () => {
      for await (const workflowId of workflows.runningChanges(new Date())) throw new Error(workflowId);
    };
    await list();
    way.cut();
    const startedAt = performance.now();
    await expect(workflows.isRunning('chg_x')).rejects.toThrow();
    await expect(list()).rejects.toThrow();
    expect(performance.now() - startedAt).toBeLessThan(16_000);
  });

  it.each([
    ['of a worker', async (address: string) => NativeConnection.connect({ address })],
    ['of an API alone', async (address: string) => Connection.connect({ address })],
  ])(
    'says of a test that nobody takes up in time that there may be no worker, over a connection %s',
    async (_, open) => {
      const way = await openWay();
      const connection = await open(way.address);
      onTestFinished(async () => connection.close());
      const client = new Client({ connection });
      const options = {
        taskQueue: 'silent',
        workflowId: randomUUID(),
        args: [],
        workflowExecutionTimeout: 1_000,
      };
      const started = client.workflow.start('testWebhook', options);
      await started;
      // Temporal would say so itself, by a hair before the call is given up; a busy one says it too late.
      way.cut();
      await expect(awaitTest(client, { started, withinMs: 500 })).rejects.toThrow(
        'A worker may not be running',
      );
    },
  );
});
