import type { AddressInfo } from 'node:net';
import { createSink } from './create-sink.ts';
import type { SinkCommand, SinkReport } from './messages.ts';

/** The sink: a process of its own that answers for every endpoint. Ends with its parent. */
const sink = createSink();
const report = (message: SinkReport): void => void process.send?.(message);

process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
process.on('message', ({ type, call }: SinkCommand) => {
  if (type === 'counts') report({ type, call, counts: sink.counts() });
  if (type === 'arrivals') report({ type, call, arrivals: sink.arrivals() });
  if (type === 'reset') {
    sink.reset();
    report({ type, call });
  }
  // Should it fail, this process ends, and whoever waits for the answer is told so.
  if (type === 'shut' || type === 'open') void sink[type]().then(() => report({ type, call }));
});
sink.server.listen(0, '127.0.0.1', () => {
  // A listening TCP server's address is always of this form.
  const { port } = sink.server.address() as AddressInfo;
  report({ type: 'ready', port });
});
