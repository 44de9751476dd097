import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Link } from '../../../faults/stage/proxy.ts';
import { openLink } from '../../../faults/stage/proxy.ts';

describe('a link', () => {
  const echo = createServer((socket) => void socket.on('error', () => undefined).pipe(socket));
  let link: Link;
  let client: Socket;

  const open = async () => {
    const socket = connect(link.port, '127.0.0.1').on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };
  // Not `once`, which takes the reset before it for a failure.
  const closed = async (socket: Socket) =>
    new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve));
  const says = async (socket: Socket, text: string) => {
    const answered = once(socket, 'data') as Promise<[Buffer]>;
    socket.write(text);
    return answered.then(([data]) => data.toString());
  };

  beforeEach(async () => {
    echo.listen(0, '127.0.0.1');
    await once(echo, 'listening');
    link = await openLink((echo.address() as AddressInfo).port);
    client = await open();
  });
  afterEach(async () => {
    client.destroy();
    await link.close();
    echo.close();
  });

  it('lets both ways through', async () => {
    expect(await says(client, 'one')).toBe('one');
    expect(await says(client, 'two')).toBe('two');
  });

  it('resets what is connected and what connects while it is cut, and lets through again once it is healed', async () => {
    expect(await says(client, 'one')).toBe('one');
    link.cut();
    await closed(client);
    await closed(connect(link.port, '127.0.0.1'));
    link.heal();
    client = await open();
    expect(await says(client, 'two')).toBe('two');
  });

  it('holds bytes back while it is frozen, of old and new connections, and brings them once it is healed', async () => {
    expect(await says(client, 'one')).toBe('one');
    link.freeze();
    const late = await open();
    const answers: string[] = [];
    const hears = (socket: Socket, text: string) => says(socket, text).then((answer) => answers.push(answer));
    const all = Promise.all([hears(client, 'two'), hears(late, 'three')]);
    // A round trip past the link takes longer than one through it would.
    await says(await bypass(), 'past');
    expect(answers).toEqual([]);
    link.heal();
    await all;
    expect(answers.toSorted()).toEqual(['three', 'two']);
    late.destroy();
  });

  const bypass = async () => {
    const socket = connect((echo.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    socket.once('data', () => setImmediate(() => socket.destroy()));
    return socket;
  };
});
