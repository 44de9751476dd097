import { createConfig, lintFromString } from '@redocly/openapi-core';

/** What Redocly's recommended rules say against an OpenAPI document: nothing, when it is as it should be. */
export async function lintDocument(document: object): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  return problems.map(({ severity, ruleId, message, location }) => {
    const place = location[0]?.pointer ?? '';
    return `${severity} ${ruleId} at ${place}: ${message}`;
  });
}
