import type { RunningStandalone } from './standalone.ts';

/** The first screen of `npm start`: where things are, and a walk to copy. */
export function welcome({ apiUrl, apiKey, temporalUiUrl }: RunningStandalone, dataDir: string): string {
  return `
  Tablehook is running.

    API          ${apiUrl}
    API key      ${apiKey}
    Temporal UI  ${temporalUiUrl ?? 'not known; set TEMPORAL_UI_URL'}
    Data         ${dataDir}

  A walk. Paste it into another terminal:

    export TABLEHOOK_URL=${apiUrl} TABLEHOOK_API_KEY=${apiKey}
    th() { curl -sS -H "Authorization: Bearer $TABLEHOOK_API_KEY" -H 'Content-Type: application/json' "$TABLEHOOK_URL$@"; echo; }
    id() { sed -E 's/^\\{"id":"([^"]+)".*/\\1/'; }

    # an endpoint of your own, which prints what it receives
    node -e 'require("http").createServer((q,s)=>{q.pipe(process.stdout);q.on("end",()=>{console.log();s.end("thanks")})}).listen(4000,"127.0.0.1")' &

    # a table, a webhook, and a record that changes
    TABLE=$(th /v1/tables -d '{"name":"Tasks","fields":[{"name":"Title","type":"text"},{"name":"Status","type":"select","options":["pending","completed"]}]}' | id)
    th /v1/tables/$TABLE/webhooks -d '{"name":"CRM","url":"http://127.0.0.1:4000/hook","events":["record.*"]}'
    RECORD=$(th /v1/tables/$TABLE/records -d '{"values":{"Title":"Ship","Status":"pending"},"operatorId":"ana"}' | id)
    th /v1/tables/$TABLE/records/$RECORD -X PATCH -d '{"values":{"Status":"completed"}}'

    # what became of it
    sleep 1; th "/v1/deliveries?recordId=$RECORD"

  Webhooks may call this machine (loopback); other private addresses are refused until ALLOW_TARGET_CIDRS says otherwise.
  \`kill %1\` ends your endpoint there. Ctrl-C here stops everything; the data stays.
`;
}
