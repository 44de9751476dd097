import { AppError } from '../../errors.ts';
import { connectMongodb } from '../../models/models.ts';
import { createSecretBox } from '../../secret-box.ts';
import type { SealedCount } from '../../services/keys/count-sealed.ts';
import { countSealed } from '../../services/keys/count-sealed.ts';
import type { ReEncryptContext, ReEncrypted } from '../../services/keys/re-encrypt.ts';
import { reEncrypt } from '../../services/keys/re-encrypt.ts';
import { unreachable } from '../../unreachable.ts';
import { formatRows } from '../format.ts';
import { createPaint } from '../paint.ts';
import { prepare } from './prepare.ts';

/** `tablehook keys status`: which keys sealed what is stored. Throws when one of them is not at hand. */
export async function showKeys(): Promise<void> {
  await withBox(async (context) => {
    const lacking = await tellKeys(context);
    if (lacking.length > 0) throw new AppError('invalid_request', describeLacking(lacking));
  });
}

/** `tablehook keys re-encrypt`. Throws when something stayed as it was, after all else is done. */
export async function reEncryptKeys({ dryRun }: { dryRun: boolean }): Promise<void> {
  await withBox(async (context) => {
    const [sealingId] = context.secretBox.keyIds;
    const done = await reEncrypt(context, { dryRun });
    const verb = dryRun ? 'to be sealed' : 'sealed';
    for (const { collection, documents } of done)
      say(`${collection}: ${documents} documents ${verb} with ${sealingId}`);
    say('');
    await tellKeys(context);
    const left = done.flatMap((one) => describeLeft(one));
    if (left.length > 0) throw new AppError('invalid_request', left.join('\n'));
  });
}

async function withBox(work: (context: ReEncryptContext) => Promise<void>): Promise<void> {
  const { signalled, config, servers } = prepare('keys');
  // Whatever is sealed anew by then stays so, and the next run goes on.
  void signalled.then(() => process.exit(130));
  const models = await connectMongodb(servers.mongodbUri).catch(unreachable('MongoDB', servers.mongodbUri));
  try {
    await work({ models, secretBox: createSecretBox(config.secretKeys) });
  } finally {
    await models.connection.close();
  }
}

/** Prints what each key is still needed for; answers what is sealed with keys that are not at hand. */
async function tellKeys({ models, secretBox }: ReEncryptContext): Promise<SealedCount[]> {
  const counts = await countSealed(models);
  const used = new Set(counts.map(({ keyId }) => keyId));
  const roleOf = (keyId: string | null) => {
    if (keyId === null) return 'names no key';
    if (keyId === secretBox.keyIds[0]) return 'seals';
    if (secretBox.lostKeyIds.includes(keyId)) return 'lost';
    return secretBox.keyIds.includes(keyId) ? 'opens' : 'LACKING';
  };
  const rows = counts.map(({ keyId, collection, count }) => [
    ...[keyId ?? '-', roleOf(keyId), collection, String(count)],
  ]);
  const idle = [...secretBox.keyIds, ...secretBox.lostKeyIds].filter((id) => !used.has(id));
  rows.push(...idle.map((keyId) => [keyId, roleOf(keyId), '-', '0']));
  const heading = ['KEY', 'ROLE', 'COLLECTION', 'SEALED'];
  say(formatRows(createPaint(false), { heading, rows, none: 'Nothing is sealed.' }));
  const spare = idle.filter((id) => id !== secretBox.keyIds[0]);
  if (spare.length > 0) say(`\nNothing needs ${spare.join(', ')} any more: take it out of SECRET_KEYS.`);
  return counts.filter(({ keyId }) => roleOf(keyId) === 'LACKING');
}

function describeLacking(lacking: readonly SealedCount[]): string {
  const ids = [...new Set(lacking.map(({ keyId }) => keyId ?? '-'))];
  return `SECRET_KEYS lacks ${ids.join(', ')}: what it sealed cannot be opened without it.`;
}

function describeLeft({ collection, overtaken, unopened, examples }: ReEncrypted): string[] {
  const moving = `${collection}: ${overtaken} documents were changed meanwhile, ten times in a row. Run this again.`;
  const closed = [
    `${collection}: ${unopened} sealed texts did not open, such as`,
    ...examples.map(({ id, path, reason }) => `  ${path} of ${id}: ${reason}`),
  ];
  return [...(overtaken > 0 ? [moving] : []), ...(unopened > 0 ? closed : [])];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
