import { fileURLToPath } from 'node:url';
import type { RunningStandalone } from './standalone.ts';

const CLI = fileURLToPath(new URL('cli.js', import.meta.url));

/** The first screen of `npm start`: where things are, and a walk to copy. */
export function welcome(
  { apiUrl, apiKey, temporalUiUrl }: RunningStandalone,
  dataDir: string,
  cli: string = CLI,
): string {
  return `
  Tablehook is running.

    API          ${apiUrl}
    API key      ${apiKey}
    Temporal UI  ${temporalUiUrl ?? 'not known; set TEMPORAL_UI_URL'}
    Data         ${dataDir}

  A walk. Paste it into another terminal:

    export TABLEHOOK_URL=${apiUrl} TABLEHOOK_API_KEY=${apiKey}
    tablehook() { node '${cli}' "$@"; }

    # a table, and an endpoint of your own that is told of its changes and prints them
    TABLE=$(tablehook tables create Tasks --field Title:text --field "Status:select=pending,completed" --quiet)
    tablehook listen --table $TABLE --port 4000 &

  And when that is listening, a record that changes, and what became of it:

    RECORD=$(tablehook records create --table $TABLE --value Title=Ship --value Status=pending --operator ana --quiet)
    tablehook records update $RECORD --table $TABLE --value Status=completed
    tablehook deliveries list --record $RECORD

  \`tablehook --help\` shows what else there is; README.md has the same walk in curl.
  Webhooks may call this machine (loopback); other private addresses are refused until ALLOW_TARGET_CIDRS says otherwise.
  \`kill %1\` ends your endpoint there. Ctrl-C here stops everything; the data stays.
`;
}
