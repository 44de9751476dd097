/** What the reference page begins with, in Markdown. */
export const API_DESCRIPTION = `\
Register a webhook for a table. When a record of that table is created, updated or deleted, Tablehook calls your endpoint \
with the record, what it was before and what changed, and keeps trying until the endpoint has it. What your endpoint \
receives is described under *Webhooks*.

- **Ids** begin with their kind (\`tbl_…\`, \`rec_…\`) and sort by time. **Times** are ISO 8601 in UTC.
- **Unknown fields** in a request are errors.
- **Errors** are problem documents (RFC 9457, \`application/problem+json\`) with a \`code\`, and with \`errors[]\` naming the \
path of each fault. A method a path does not have is 405, a body that is not JSON 415, an error of ours 500: problem \
documents, too.
- **Lists** answer \`{ data, nextCursor }\`. Give \`nextCursor\` as \`cursor\` to get the next page; it is null on the last one. A page \
of large records or changes ends before its \`limit\`.
- **Every answer** carries \`x-request-id\`: your own, when you sent one, else a new one.
- **A 503 to a write** means that it is not known whether it happened, unless its \`code\` is \`overloaded\`: then it did not. Repeat it with the same \`Idempotency-Key\`.`;

/** One per kind of thing, in the order in which the reference page shows them. */
export const TAGS = [
  { name: 'Tables', description: 'Named sets of records with declared fields.' },
  { name: 'Records', description: 'Rows of a table. Every successful write is one record change.' },
  { name: 'Changes', description: 'What happened to records: the log, and reports from elsewhere.' },
  { name: 'Webhooks', description: 'Registrations: a table, event types, an endpoint, and policies.' },
  { name: 'Deliveries', description: 'One record change owed to one webhook, with its attempts.' },
  { name: 'Replays', description: 'Many deliveries again, or what a webhook never heard of.' },
  { name: 'Diagnosis', description: 'What is not settled, why, and what to do about it.' },
  { name: 'API keys', description: 'Who may call this API, and how far they reach.' },
];

const TAG_OF: Record<string, string> = {
  tables: 'Tables',
  records: 'Records',
  changes: 'Changes',
  webhooks: 'Webhooks',
  deliveries: 'Deliveries',
  replays: 'Replays',
  diagnosis: 'Diagnosis',
  'api-keys': 'API keys',
};

/** The tag of a path: that of the last kind of thing in it. Throws when there is none. */
export function tagOf(path: string): string {
  const tag = path
    .split('/')
    .map((word) => TAG_OF[word])
    .findLast((found) => found !== undefined);
  if (tag === undefined) throw new Error(`no tag belongs to ${path}`);
  return tag;
}
