import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/** Of one connection, behind the one being answered. */
const MOST_WAITING = 32;

/**
 * Hands on the requests of a connection one after the other, each when the one before is answered; a connection with
 * more than 32 waiting is cut. Each that was handed on hears of its end (`close`).
 */
export function oneAtATime(handle: RequestListener): RequestListener {
  const waiting = new WeakMap<Socket, Parameters<RequestListener>[]>();
  const begin: RequestListener = (request, response) => {
    const { socket } = request;
    response.once('close', () => {
      const next = waiting.get(socket)?.shift();
      if (!next) return;
      // Without the socket it will never have its turn: the answer before it was the last of its connection.
      if (next[1].socket === null) waiting.delete(socket);
      else begin(...next);
    });
    handle(request, response);
  };
  return (request, response) => {
    const { socket } = request;
    // All that has arrived is still read out.
    if (socket.destroyed) return;
    // Node parses ahead, and gives the socket to one answer at a time. An answer that still waits for it when the
    // connection ends never hears of that, and would hold what it holds for ever.
    if (response.socket !== null) {
      begin(request, response);
      return;
    }
    const queue = waiting.get(socket) ?? [];
    waiting.set(socket, queue);
    if (queue.length < MOST_WAITING) queue.push([request, response]);
    else socket.destroy();
  };
}
