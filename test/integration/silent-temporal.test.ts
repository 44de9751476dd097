import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
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
});
