import type { Connection } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes.ts';
import { AppError } from '../errors.ts';

// temporal.api.enums.v1.IndexedValueType
const INDEXED_VALUE_TYPES = { KEYWORD: 2, KEYWORD_LIST: 7 } as const;
const CLI_TYPES = { KEYWORD: 'Keyword', KEYWORD_LIST: 'KeywordList' } as const;

/** The search attributes as the Temporal CLI takes them: `--search-attribute Name=Type`. */
export function toCliSearchAttributes(): { name: string; type: 'Keyword' | 'KeywordList' }[] {
  return SEARCH_ATTRIBUTES.map(({ name, type }) => ({ name, type: CLI_TYPES[type] }));
}

/** Registers the search attributes a namespace lacks. Idempotent; rejects when Temporal refuses or cannot be reached. */
export async function ensureSearchAttributes(
  connection: Connection | NativeConnection,
  namespace: string,
): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const other = SEARCH_ATTRIBUTES.filter(
    ({ name, type }) =>
      name in customAttributes && Number(customAttributes[name]) !== INDEXED_VALUE_TYPES[type],
  );
  if (other.length > 0) {
    const wanted = other.map(({ name, type }) => `${name} (${CLI_TYPES[type]})`).join(', ');
    throw new AppError(
      'unavailable',
      `The Temporal namespace ${namespace} has search attributes of these names, but of other types: ${wanted} is what is needed. ` +
        'Remove them with `temporal operator search-attribute remove`, then start again.',
    );
  }
  const missing = SEARCH_ATTRIBUTES.filter(({ name }) => !(name in customAttributes));
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map(({ name, type }) => [name, INDEXED_VALUE_TYPES[type]])),
  });
}
