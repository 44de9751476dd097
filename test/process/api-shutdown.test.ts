import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:http';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSetup } from '../../src/setup.ts';
import { parseConfig } from '../../src/config.ts';
import type { CliProcess } from '../support/cli.ts';
import { killLeftovers, runCli } from '../support/cli.ts';
import type { Client } from '../support/client.ts';
import { createClient } from '../support/client.ts';
import type { ServersEnv } from '../support/given-servers.ts';
import { givenServers } from '../support/given-servers.ts';
import { makeFolder } from '../support/own-servers.ts';

describe('an api told to end', () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  let env: ServersEnv;
  let api: CliProcess;
  let url: string;
  let client: Client;

  beforeAll(async () => {
    folder = await makeFolder();
    env = await givenServers();
    const config = parseConfig('setup', env);
    await runSetup(config, {
      mongodbUri: env.MONGODB_URI,
      temporal: { ...config.temporal, address: env.TEMPORAL_ADDRESS },
    });
  });
  afterAll(async () => {
    await killLeftovers();
    await folder.remove();
  });

  const startApi = async () => {
    api = runCli(['api'], { env, cwd: folder.path });
    [, url = ''] = await api.printed(/"address":"([^"]+)"/);
    client = createClient(url, env.BOOTSTRAP_API_KEY);
  };
  const headers = () => ({
    authorization: `Bearer ${env.BOOTSTRAP_API_KEY}`,
    'content-type': 'application/json',
  });
  /** Begins a write and leaves its body half sent; `finish` sends the rest and answers the status. */
  const beginWrite = async (tableId: string, agent: Agent) => {
    const path = `${url}/v1/tables/${tableId}/records`;
    const outgoing = request(path, { agent, method: 'POST', headers: headers() });
    const answered = once(outgoing, 'response');
    outgoing.write('{"values":{"Title":');
    const [socket] = (await once(outgoing, 'socket')) as [Socket];
    if (socket.connecting) await once(socket, 'connect');
    // The API has the head of that request once it answers another one made later.
    await client.call('GET', '/livez');
    return async () => {
      outgoing.end('"Ship"}}');
      const [response] = (await answered) as [IncomingMessage];
      await once(response.resume(), 'end');
      return response.statusCode;
    };
  };
  const stillAnswers = async (agent: Agent) => {
    const asked = request(`${url}/livez`, { agent }).end();
    try {
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      await once(response.resume(), 'end');
      return true;
    } catch {
      return false;
    }
  };

  it('answers the request it has begun, takes no other connection, and ends with 0', async () => {
    await startApi();
    const table = await client.createTable();
    const agent = new Agent();
    const finish = await beginWrite(table.id, agent);
    api.kill('SIGTERM');
    await api.printed(/shutting down/);
    expect(await stillAnswers(new Agent())).toBe(false);
    expect(await finish()).toBe(201);
    expect(await api.ended, api.output()).toEqual({ code: 0, signal: null });
  });

  it('ends although a client would go on asking over the connection it has', async () => {
    await startApi();
    const table = await client.createTable();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const finish = await beginWrite(table.id, agent);
    api.kill('SIGTERM');
    await api.printed(/shutting down/);
    expect(await finish()).toBe(201);
    expect(await stillAnswers(agent)).toBe(false);
    expect(await api.ended, api.output()).toEqual({ code: 0, signal: null });
    agent.destroy();
  });
});
