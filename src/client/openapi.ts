/* Generated from the OpenAPI document by `npm run generate:client`. */

export type JsonValue = string | number | boolean | null | JsonValue[] | {
    [key: string]: JsonValue;
};
export interface paths {
    "/v1/tables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the tables the key reaches, oldest first
         * @description Needs the scope `tables:read`.
         */
        get: operations["listTables"];
        put?: never;
        /**
         * Create a table
         * @description Needs the scope `tables:write`.
         */
        post: operations["createTable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tables/{tableId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a table and its fields
         * @description Needs the scope `tables:read`.
         */
        get: operations["getTable"];
        put?: never;
        post?: never;
        /**
         * Delete a table with its records and webhooks
         * @description Needs the scope `tables:write`.
         */
        delete: operations["removeTable"];
        options?: never;
        head?: never;
        /**
         * Rename a table, or replace its list of fields
         * @description `fields` is the whole list: with an id kept, without one added, missing deleted.
         *
         *     Needs the scope `tables:write`.
         */
        patch: operations["updateTable"];
        trace?: never;
    };
    "/v1/tables/{tableId}/records": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the records of a table, oldest first
         * @description Needs the scope `records:read`.
         */
        get: operations["listRecords"];
        put?: never;
        /**
         * Create a record: one record.created
         * @description Needs the scope `records:write`.
         */
        post: operations["createRecord"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tables/{tableId}/records/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create, update and delete up to 1,000 records, all or nothing
         * @description One record change per record that differs. The operations happen in one transaction; the records they change may hold 24 MiB together, else it is 413.
         *
         *     Needs the scope `records:write`.
         */
        post: operations["batchRecords"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tables/{tableId}/records/{recordId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a record
         * @description Needs the scope `records:read`.
         */
        get: operations["getRecord"];
        put?: never;
        post?: never;
        /**
         * Delete a record: one record.deleted, named in the headers of the answer
         * @description Needs the scope `records:write`.
         */
        delete: operations["removeRecord"];
        options?: never;
        head?: never;
        /**
         * Merge values into a record: one record.updated, or none when nothing differs
         * @description Null takes a value away. A write that changes nothing makes no change: `changeId` is null.
         *
         *     Needs the scope `records:write`.
         */
        patch: operations["updateRecord"];
        trace?: never;
    };
    "/v1/tables/{tableId}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the change log of a table in commit-safe order, the newest 15 s held back
         * @description Give `nextCursor` as `after` to go on. Changes younger than the hold-back are not shown yet, so that none is ever missed. A page of large changes ends before its `limit`.
         *
         *     Needs the scope `records:read`.
         */
        get: operations["listChanges"];
        put?: never;
        /**
         * Report up to 1,000 changes of records kept elsewhere, all or nothing
         * @description A `changeKey` that was reported before is answered as a `duplicate` and does nothing.
         *
         *     Needs the scope `records:write`.
         */
        post: operations["reportChanges"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/changes/{changeId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a change with its deliveries
         * @description Did the CRM get it? The change, and what became of it for each webhook.
         *
         *     Needs the scopes `records:read` and `deliveries:read`.
         */
        get: operations["getChange"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the API keys, oldest first, without the keys themselves
         * @description Needs the scope `admin`.
         */
        get: operations["listApiKeys"];
        put?: never;
        /**
         * Make an API key, shown in this answer and never again
         * @description Needs the scope `admin`.
         */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete an API key
         * @description It is refused within a second everywhere.
         *
         *     Needs the scope `admin`.
         */
        delete: operations["removeApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tables/{tableId}/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the webhooks of a table, oldest first
         * @description Needs the scope `webhooks:read`.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Register a webhook; its signing secret is shown in this answer only
         * @description It hears every write that begins after this answer, and none before.
         *
         *     Needs the scope `webhooks:write`.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a webhook
         * @description Needs the scope `webhooks:read`.
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook and cancel its open deliveries
         * @description Needs the scope `webhooks:write`.
         */
        delete: operations["removeWebhook"];
        options?: never;
        head?: never;
        /**
         * Edit a webhook; deliveries in flight go by the edit from their next attempt on
         * @description What is sent replaces what was. Within `retry` and `delivery`, fields left out keep their value, and null takes an optional one away.
         *
         *     Needs the scope `webhooks:write`.
         */
        patch: operations["updateWebhook"];
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hold the deliveries of a webhook; none is lost
         * @description Nothing is tried and nothing is given up: the horizon of what waits stands still.
         *
         *     Needs the scope `webhooks:write`.
         */
        post: operations["pauseWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let the deliveries that wait go, oldest first, at a rate of your choice
         * @description What comes meanwhile goes behind what waits. Without a rate, as fast as the endpoint answers.
         *
         *     Needs the scope `webhooks:write`.
         */
        post: operations["resumeWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Which recent changes would have fired it, and why the others would not; sends nothing
         * @description Needs the scopes `webhooks:read` and `records:read`.
         */
        post: operations["previewWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/duplicate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Copy a webhook; the copy is disabled and has a signing secret of its own, shown in this answer only
         * @description Needs the scope `webhooks:write`.
         */
        post: operations["duplicateWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a webhook a new signing secret, shown in this answer only; the old one signs too for a while
         * @description Needs the scope `webhooks:write`.
         */
        post: operations["rotateSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Call the endpoint of a webhook once, from a worker, and see what was sent and what came back
         * @description Needs the scopes `webhooks:write` and `deliveries:read`.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the endpoint of a webhook fares, what waits for it, and when it is called next
         * @description Needs the scope `webhooks:read`.
         */
        get: operations["getWebhookHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The JSON Schema of what a webhook sends
         * @description Needs the scope `webhooks:read`.
         */
        get: operations["getWebhookSchema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the delivery log, newest first
         * @description Needs the scope `deliveries:read`.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{deliveryId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a delivery with its attempts
         * @description Needs the scope `deliveries:read`.
         */
        get: operations["getDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{deliveryId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Attempt an open delivery now rather than later
         * @description 409 when nothing can be attempted now; `detail` says what holds it.
         *
         *     Needs the scope `deliveries:write`.
         */
        post: operations["retryDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{deliveryId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an open delivery
         * @description Should an attempt under way still succeed, it counts as delivered.
         *
         *     Needs the scope `deliveries:write`.
         */
        post: operations["cancelDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{deliveryId}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a settled delivery again: same id, same bytes
         * @description Attempts are counted on, the horizon begins anew. To a webhook that keeps order and already got a later version of the record it is 409, unless `force`.
         *
         *     Needs the scope `deliveries:write`.
         */
        post: operations["redeliverDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/replays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List replays, newest first
         * @description Needs the scope `deliveries:read`.
         */
        get: operations["listReplays"];
        put?: never;
        /**
         * Send many deliveries again, or what a webhook never heard of; dryRun counts only
         * @description Either `filter`, for settled deliveries, or `backfill`. It goes on where it was after a crash, and sends nothing twice by that.
         *
         *     Needs the scope `deliveries:write`.
         */
        post: operations["createReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/replays/{replayId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a replay and how far it has come
         * @description Needs the scope `deliveries:read`.
         */
        get: operations["getReplay"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/replays/{replayId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a replay; what is in line already still goes out
         * @description Needs the scope `deliveries:write`.
         */
        post: operations["cancelReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{deliveryId}/expunge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Expunge the body of a delivery and the answers to it
         * @description Needs the scope `deliveries:write`.
         */
        post: operations["expungeDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tables/{tableId}/records/{recordId}/expunge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Expunge the history of a record, kept or reported
         * @description Needs the scopes `records:write` and `deliveries:write`.
         */
        post: operations["expungeRecord"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tables/{tableId}/expunge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Expunge the history of all records of a table
         * @description Needs the scopes `records:write` and `deliveries:write`.
         */
        post: operations["expungeTable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/diagnosis": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is not settled, where it stands, and what a person should know of it
         * @description Needs the scope `admin`.
         */
        get: operations["getDiagnosis"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    "record.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A record was created; previous is null
         * @description Signed by [Standard Webhooks](https://www.standardwebhooks.com): any of its libraries verifies the raw body and the three `webhook-…` headers with the `whsec_…` secret of the webhook.
         *
         *     The body is of the `standard` format, which is the default. What a webhook asks for in `payload` may make it smaller, a Slack message, or what a template yields: `GET /v1/webhooks/{webhookId}/schema` answers the schema of what one webhook sends.
         *
         *     A delivery may come more than once, always with the same `webhook-id` and the same bytes: drop what you have seen. Without `delivery.order: record` no order is promised; `recordVersion` tells which is newer.
         */
        post: operations["recordCreated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "record.updated": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A record was updated; changes says what differs
         * @description Signed by [Standard Webhooks](https://www.standardwebhooks.com): any of its libraries verifies the raw body and the three `webhook-…` headers with the `whsec_…` secret of the webhook.
         *
         *     The body is of the `standard` format, which is the default. What a webhook asks for in `payload` may make it smaller, a Slack message, or what a template yields: `GET /v1/webhooks/{webhookId}/schema` answers the schema of what one webhook sends.
         *
         *     A delivery may come more than once, always with the same `webhook-id` and the same bytes: drop what you have seen. Without `delivery.order: record` no order is promised; `recordVersion` tells which is newer.
         */
        post: operations["recordUpdated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "record.deleted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A record was deleted; record is null, previous is its last state
         * @description Signed by [Standard Webhooks](https://www.standardwebhooks.com): any of its libraries verifies the raw body and the three `webhook-…` headers with the `whsec_…` secret of the webhook.
         *
         *     The body is of the `standard` format, which is the default. What a webhook asks for in `payload` may make it smaller, a Slack message, or what a template yields: `GET /v1/webhooks/{webhookId}/schema` answers the schema of what one webhook sends.
         *
         *     A delivery may come more than once, always with the same `webhook-id` and the same bytes: drop what you have seen. Without `delivery.order: record` no order is promised; `recordVersion` tells which is newer.
         */
        post: operations["recordDeleted"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        CreateTableInput: {
            name: string & (unknown & unknown);
            /** @default [] */
            fields?: components["schemas"]["FieldInput"][];
        };
        FieldInput: {
            id?: components["schemas"]["FieldId"];
            name: string & (unknown & unknown);
            type: components["schemas"]["FieldType"];
            options?: string[];
        };
        /** @description The id of a field. */
        FieldId: string;
        /** @enum {string} */
        FieldType: "text" | "number" | "boolean" | "datetime" | "select" | "multiSelect" | "json";
        /** @description The id of a table. */
        TableId: string;
        UpdateTableInput: {
            name?: string & (unknown & unknown);
            fields?: components["schemas"]["FieldInput"][];
        };
        CreateRecordInput: {
            /** @default {} */
            values?: components["schemas"]["JsonObject"];
            operatorId?: string;
        };
        JsonObject: {
            [key: string]: components["schemas"]["JsonValue"];
        };
        JsonValue: JsonValue;
        BatchRecordsInput: {
            operations: components["schemas"]["RecordOperation"][];
            operatorId?: string;
        };
        RecordOperation: {
            /** @constant */
            op: "create";
            /** @default {} */
            values?: components["schemas"]["JsonObject"];
        } | {
            /** @constant */
            op: "update";
            recordId: components["schemas"]["StoredRecordId"];
            values: components["schemas"]["JsonObject"];
            ifVersion?: number;
        } | {
            /** @constant */
            op: "delete";
            recordId: components["schemas"]["StoredRecordId"];
            ifVersion?: number;
        };
        /** @description The id of a record. */
        StoredRecordId: string;
        UpdateRecordInput: {
            values: components["schemas"]["JsonObject"];
            operatorId?: string;
        };
        ReportChangesInput: {
            changes: components["schemas"]["ReportedChange"][];
        };
        ReportedChange: {
            changeKey: string;
            recordId: string;
            recordVersion?: number;
            /** Format: date-time */
            occurredAt?: string;
            operatorId?: string;
            /** @constant */
            type: "record.created";
            record: components["schemas"]["JsonObject"];
        } | {
            changeKey: string;
            recordId: string;
            recordVersion?: number;
            /** Format: date-time */
            occurredAt?: string;
            operatorId?: string;
            /** @constant */
            type: "record.updated";
            record: components["schemas"]["JsonObject"];
            previous: components["schemas"]["JsonObject"];
        } | {
            changeKey: string;
            recordId: string;
            recordVersion?: number;
            /** Format: date-time */
            occurredAt?: string;
            operatorId?: string;
            /** @constant */
            type: "record.deleted";
            previous: components["schemas"]["JsonObject"];
        };
        /** @description The id of a change. */
        ChangeId: string;
        CreateApiKeyInput: {
            name: string;
            scopes: components["schemas"]["Scope"][];
            tables?: components["schemas"]["TableId"][];
        };
        /** @enum {string} */
        Scope: "tables:read" | "tables:write" | "records:read" | "records:write" | "webhooks:read" | "webhooks:write" | "deliveries:read" | "deliveries:write" | "admin";
        /** @description The id of an API key. */
        ApiKeyId: string;
        CreateWebhookInput: {
            name: string;
            /** @default  */
            description?: string;
            url: string;
            /**
             * @default POST
             * @enum {string}
             */
            method?: "POST" | "PUT" | "PATCH";
            /** @default true */
            enabled?: boolean;
            events: (components["schemas"]["EventType"] | "record.*")[];
            /**
             * @description An update fires only if one of these fields differs; empty: any. By name or id, read back by id.
             * @default []
             */
            watchFields?: string[];
            /** @default null */
            condition?: components["schemas"]["Condition"] | null;
            /**
             * @description Changes from these sources, or made with these API keys, do not fire it.
             * @default []
             */
            ignoreSources?: components["schemas"]["IgnoredSource"][];
            /** @default {} */
            payload?: components["schemas"]["PayloadOptions"];
            /** @default [] */
            headers?: components["schemas"]["WebhookHeader"][];
            /** @default {} */
            retry?: components["schemas"]["RetryPolicy"];
            /** @default {} */
            delivery?: components["schemas"]["DeliveryPolicy"];
            /**
             * @description Null: never.
             * @default {}
             */
            autoPause?: components["schemas"]["AutoPausePolicy"] | null;
        };
        /** @enum {string} */
        EventType: "record.created" | "record.updated" | "record.deleted";
        Condition: {
            /** @description MongoDB-style query over the record, each key a field by name or id, read back by id. Operators: `$eq $ne $gt $gte $lt $lte $in $nin $exists $not`, `$contains` and `$startsWith` on text, joined by `$and $or $nor`. */
            filter: components["schemas"]["JsonObject"];
            /**
             * @description `matches`: the new state fits the filter, on a delete the last one. `enters`: it fits and the one before did not. `leaves`: the one before fitted and the new one, if there is one, does not.
             * @default matches
             * @enum {string}
             */
            when?: "matches" | "enters" | "leaves";
        };
        IgnoredSource: ("api" | "ingest" | "system") | components["schemas"]["ApiKeyId"];
        PayloadOptions: {
            /**
             * @default standard
             * @enum {string}
             */
            format?: "standard" | "slack" | "template";
            /** @description Only the values of these fields are sent. By name or id, read back by id. */
            fields?: string[];
            /**
             * @description How values are keyed: by field name or by field id.
             * @default name
             * @enum {string}
             */
            keys?: "name" | "id";
            /**
             * @description False: items have no `previous`, and their `changes` no `from`.
             * @default true
             */
            includePrevious?: boolean;
            /**
             * @description Items hold the id and version of their record and nothing else.
             * @default false
             */
            idsOnly?: boolean;
            /** @description Liquid over `event`, the standard body, and `item`, its first item. Must yield a JSON object or list. */
            template?: string;
        };
        WebhookHeader: {
            name: string;
            value: string;
            /** @default false */
            secret?: boolean;
        };
        RetryPolicy: {
            /** @default 5000 */
            initialMs?: number;
            /** @default 3 */
            factor?: number;
            /** @default 36000000 */
            maxMs?: number;
            /** @default 0.2 */
            jitter?: number;
            /** @default 259200000 */
            giveUpAfterMs?: number;
            /** @default 15000 */
            timeoutMs?: number;
            scheduleMs?: number[];
            permanentStatuses?: number[];
        };
        DeliveryPolicy: {
            /**
             * @default none
             * @enum {string}
             */
            order?: "none" | "record";
            ratePerSecond?: number;
            maxInFlight?: number;
            coalesce?: components["schemas"]["CoalescePolicy"];
        };
        CoalescePolicy: {
            waitMs: number;
            maxWaitMs: number;
        };
        AutoPausePolicy: {
            /** @default 86400000 */
            afterFailingForMs?: number;
        };
        /** @description The id of a webhook. */
        WebhookId: string;
        UpdateWebhookInput: {
            name?: string;
            description?: string;
            url?: string;
            /** @enum {string} */
            method?: "POST" | "PUT" | "PATCH";
            enabled?: boolean;
            events?: (components["schemas"]["EventType"] | "record.*")[];
            /** @description An update fires only if one of these fields differs; empty: any. By name or id, read back by id. */
            watchFields?: string[];
            condition?: components["schemas"]["Condition"] | null;
            /** @description Changes from these sources, or made with these API keys, do not fire it. */
            ignoreSources?: components["schemas"]["IgnoredSource"][];
            payload?: components["schemas"]["UpdatePayloadOptions"];
            headers?: {
                name: string;
                /** @default null */
                value?: string | null;
                /** @default false */
                secret?: boolean;
            }[];
            retry?: components["schemas"]["UpdateRetryPolicy"];
            delivery?: components["schemas"]["UpdateDeliveryPolicy"];
            autoPause?: components["schemas"]["AutoPausePolicy"] | null;
        };
        UpdatePayloadOptions: {
            /** @enum {string} */
            format?: "standard" | "slack" | "template";
            fields?: string[] | null;
            /** @enum {string} */
            keys?: "name" | "id";
            includePrevious?: boolean;
            idsOnly?: boolean;
            template?: string | null;
        };
        UpdateRetryPolicy: {
            initialMs?: number;
            factor?: number;
            maxMs?: number;
            jitter?: number;
            giveUpAfterMs?: number;
            timeoutMs?: number;
            scheduleMs?: number[] | null;
            permanentStatuses?: number[] | null;
        };
        UpdateDeliveryPolicy: {
            /** @enum {string} */
            order?: "none" | "record";
            ratePerSecond?: number | null;
            maxInFlight?: number | null;
            coalesce?: components["schemas"]["CoalescePolicy"] | null;
        };
        PauseWebhookInput: {
            reason?: string;
        };
        ResumeWebhookInput: {
            ratePerSecond?: number;
        };
        /** @default {} */
        PreviewWebhookInput: {
            /** @default 20 */
            limit?: number;
            events?: (components["schemas"]["EventType"] | "record.*")[];
            /** @description An update fires only if one of these fields differs; empty: any. By name or id, read back by id. */
            watchFields?: string[];
            condition?: components["schemas"]["Condition"] | null;
            /** @description Changes from these sources, or made with these API keys, do not fire it. */
            ignoreSources?: components["schemas"]["IgnoredSource"][];
        };
        DuplicateWebhookInput: {
            name?: string;
        };
        RotateSecretInput: {
            /** @default 86400 */
            overlapSeconds?: number;
        };
        TestWebhookInput: {
            recordId?: string;
            eventType?: components["schemas"]["EventType"];
        };
        /** @enum {string} */
        DeliveryState: "pending" | "delivering" | "retrying" | "waiting" | "delivered" | "failed" | "cancelled";
        /** @description The id of a delivery. */
        DeliveryId: string;
        /** @default {} */
        RedeliverInput: {
            /** @default false */
            force?: boolean;
        };
        CreateReplayInput: {
            webhookId: components["schemas"]["WebhookId"];
            filter?: {
                states?: ("delivered" | "failed" | "cancelled")[];
                /** Format: date-time */
                since?: string;
                /** Format: date-time */
                until?: string;
                recordId?: string;
            };
            backfill?: {
                /** @constant */
                records: true;
            } | {
                /** Format: date-time */
                changesSince: string;
                /** @default true */
                silent?: boolean;
            };
            ratePerSecond?: number;
            /** @default false */
            dryRun?: boolean;
        };
        /** @description The id of a replay. */
        ReplayId: string;
        /** @default {} */
        ExpungeInput: {
            /** @default false */
            force?: boolean;
        };
        /** @description What an endpoint receives: byte-identical on every attempt, values keyed by field name. */
        EventBody: {
            /** @constant */
            version: 1;
            id: components["schemas"]["ChangeId"];
            type: components["schemas"]["EventType"];
            /** Format: date-time */
            timestamp: string;
            operatorId: string;
            source: components["schemas"]["ChangeSource"];
            table: {
                id: components["schemas"]["TableId"];
                name: string;
                schemaVersion: number;
            };
            webhook: {
                id: components["schemas"]["WebhookId"];
                name: string;
            };
            items: {
                recordId: string;
                recordVersion: number;
                previous: components["schemas"]["JsonObject"] | null;
                record: components["schemas"]["JsonObject"] | null;
                changes: components["schemas"]["FieldChange"][];
            }[];
        };
        /** @description Where a change came from: this API, a report (`ingest`), or Tablehook itself (`system`). `hops` counts how many deliveries led to it. */
        ChangeSource: {
            /** @enum {string} */
            kind: "api" | "ingest" | "system";
            requestId: string;
            hops: number;
        };
        /** @description One field that differs; null on either side means that it had or has no value. */
        FieldChange: {
            fieldId: components["schemas"]["FieldId"];
            fieldName: string;
            from: components["schemas"]["JsonValue"];
            to: components["schemas"]["JsonValue"];
        };
        /** @description An error (RFC 9457). `code` is for programs, `detail` for people; `errors[]` names the path of each fault. */
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            code: string;
            errors: {
                path: string;
                message: string;
            }[];
            requestId: string;
        };
        /** @description A table and its fields. `system`: one of Tablehook itself, to be read and listened to, not changed. */
        Table: {
            id: components["schemas"]["TableId"];
            name: string;
            system: boolean;
            schemaVersion: number;
            fields: components["schemas"]["Field"][];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /** @description A declared field. `options` is there for select and multiSelect only. */
        Field: {
            id: components["schemas"]["FieldId"];
            name: string;
            type: components["schemas"]["FieldType"];
            options?: string[];
        };
        /** @description Answer of a write. `changeId` is null when nothing changed, `workflow` when no webhook listens. */
        WrittenRecord: {
            id: components["schemas"]["StoredRecordId"];
            tableId: components["schemas"]["TableId"];
            version: number;
            values: components["schemas"]["JsonObject"];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            changeId: components["schemas"]["ChangeId"] | null;
            workflow: components["schemas"]["WorkflowLink"] | null;
        };
        /** @description A Temporal workflow and where to look at it. `url` is null without an address of the Temporal UI; `id` while it is open which workflow it will be: `url` then lists those of the record. */
        WorkflowLink: {
            id: string | null;
            url: string | null;
        };
        /** @description One row of a table. `version` counts its changes. */
        TableRecord: {
            id: components["schemas"]["StoredRecordId"];
            tableId: components["schemas"]["TableId"];
            version: number;
            values: components["schemas"]["JsonObject"];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /** @description One result per operation, in the order given. `record` is null for one that was deleted. */
        BatchResult: {
            results: {
                /** @enum {string} */
                op: "create" | "update" | "delete";
                record: components["schemas"]["TableRecord"] | null;
                changeId: components["schemas"]["ChangeId"] | null;
            }[];
        };
        /** @description In the order given. `changeId` is null for a change that changes nothing. */
        ReportChangesResult: {
            results: {
                changeKey: string;
                changeId: components["schemas"]["ChangeId"] | null;
                duplicate: boolean;
            }[];
        };
        /** @description One record change. `previous` is null on create, `record` on delete; `timestamp` is when it happened. */
        Change: {
            id: components["schemas"]["ChangeId"];
            tableId: components["schemas"]["TableId"];
            recordId: string;
            recordVersion: number;
            type: components["schemas"]["EventType"];
            /** @enum {string} */
            state: "pending" | "started" | "planned";
            /** Format: date-time */
            timestamp: string;
            operatorId: string;
            source: components["schemas"]["ChangeSource"];
            previous: components["schemas"]["JsonObject"] | null;
            record: components["schemas"]["JsonObject"] | null;
            changes: components["schemas"]["FieldChange"][];
            /** @description When its values were expunged; they read as null since. */
            expungedAt: string | null;
        };
        /** @description A change with its deliveries: who heard of it, and what came of that. */
        ChangeWithDeliveries: {
            id: components["schemas"]["ChangeId"];
            tableId: components["schemas"]["TableId"];
            recordId: string;
            recordVersion: number;
            type: components["schemas"]["EventType"];
            /** @enum {string} */
            state: "pending" | "started" | "planned";
            /** Format: date-time */
            timestamp: string;
            operatorId: string;
            source: components["schemas"]["ChangeSource"];
            previous: components["schemas"]["JsonObject"] | null;
            record: components["schemas"]["JsonObject"] | null;
            changes: components["schemas"]["FieldChange"][];
            /** @description When its values were expunged; they read as null since. */
            expungedAt: string | null;
            workflow: components["schemas"]["WorkflowLink"] | null;
            deliveries: components["schemas"]["Delivery"][];
        };
        /** @description One record change owed to one webhook, and how it stands. Settled: `delivered`, `failed`, `cancelled`. */
        Delivery: {
            id: components["schemas"]["DeliveryId"];
            webhookId: components["schemas"]["WebhookId"];
            webhookName: string;
            /** @description Of the endpoint; the whole URL may be a credential. */
            host: string;
            changeId: components["schemas"]["ChangeId"];
            tableId: components["schemas"]["TableId"];
            recordId: string;
            recordVersion: number;
            eventType: components["schemas"]["EventType"];
            state: components["schemas"]["DeliveryState"];
            /** @description Why it is held back, while it is `waiting`. */
            waitReason: components["schemas"]["WaitReason"] | null;
            /** @description Why it failed for good, such as `gave-up`. */
            failureReason: string | null;
            cancelReason: ("by-request" | "webhook-deleted" | "undone" | "expunged") | null;
            /** @description Whether it was sent again, or for a backfill: its attempts carry `tablehook-replay: true`. */
            replay: boolean;
            /** @description The other changes of its record that were merged into this delivery while it waited (`coalesce`). */
            mergedChangeIds: components["schemas"]["ChangeId"][];
            attemptCount: number;
            /** @description When the next attempt is due. */
            nextAttemptAt: string | null;
            lastStatus: number | null;
            lastErrorCode: string | null;
            /** Format: date-time */
            createdAt: string;
            settledAt: string | null;
            /** @description When its body and the answers to it were expunged: it cannot be sent again. */
            expungedAt: string | null;
            workflow: components["schemas"]["WorkflowLink"];
        };
        /** @enum {string} */
        WaitReason: "disabled" | "paused" | "circuit-open" | "rate-limited" | "earlier-change" | "coalescing" | "resuming" | "endpoint-busy";
        /** @description An API key with the key itself, which is shown here and never again. */
        CreatedApiKey: {
            id: components["schemas"]["ApiKeyId"];
            name: string;
            scopes: components["schemas"]["Scope"][];
            tables: components["schemas"]["TableId"][] | null;
            /** Format: date-time */
            createdAt: string;
            lastUsedAt: string | null;
            key: string;
        };
        /** @description An API key without the key. `tables` is null when it reaches every table. */
        ApiKey: {
            id: components["schemas"]["ApiKeyId"];
            name: string;
            scopes: components["schemas"]["Scope"][];
            tables: components["schemas"]["TableId"][] | null;
            /** Format: date-time */
            createdAt: string;
            lastUsedAt: string | null;
        };
        CreatedWebhook: {
            id: components["schemas"]["WebhookId"];
            tableId: components["schemas"]["TableId"];
            name: string;
            description: string;
            url: string;
            /** @enum {string} */
            method: "POST" | "PUT" | "PATCH";
            enabled: boolean;
            status: components["schemas"]["WebhookStatus"];
            statusReason: string | null;
            events: (components["schemas"]["EventType"] | "record.*")[];
            watchFields: string[];
            condition: components["schemas"]["ConditionOutput"] | null;
            ignoreSources: components["schemas"]["IgnoredSource"][];
            payload: components["schemas"]["PayloadOptionsOutput"];
            headers: {
                name: string;
                value: string | null;
                secret: boolean;
            }[];
            retry: components["schemas"]["RetryPolicyOutput"];
            delivery: components["schemas"]["DeliveryPolicyOutput"];
            autoPause: components["schemas"]["AutoPausePolicyOutput"] | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            secret: string;
        };
        /** @enum {string} */
        WebhookStatus: "active" | "paused" | "failing" | "gone" | "needs-attention";
        Webhook: {
            id: components["schemas"]["WebhookId"];
            tableId: components["schemas"]["TableId"];
            name: string;
            description: string;
            url: string;
            /** @enum {string} */
            method: "POST" | "PUT" | "PATCH";
            enabled: boolean;
            status: components["schemas"]["WebhookStatus"];
            statusReason: string | null;
            events: (components["schemas"]["EventType"] | "record.*")[];
            watchFields: string[];
            condition: components["schemas"]["ConditionOutput"] | null;
            ignoreSources: components["schemas"]["IgnoredSource"][];
            payload: components["schemas"]["PayloadOptionsOutput"];
            headers: {
                name: string;
                value: string | null;
                secret: boolean;
            }[];
            retry: components["schemas"]["RetryPolicyOutput"];
            delivery: components["schemas"]["DeliveryPolicyOutput"];
            autoPause: components["schemas"]["AutoPausePolicyOutput"] | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        ResumedWebhook: {
            webhook: components["schemas"]["Webhook"];
            waiting: number;
        };
        WebhookPreview: {
            data: components["schemas"]["PreviewedChange"][];
        };
        PreviewedChange: {
            changeId: components["schemas"]["ChangeId"];
            eventType: components["schemas"]["EventType"];
            recordId: string;
            recordVersion: number;
            /** Format: date-time */
            timestamp: string;
            wouldFire: boolean;
            reasons: string[];
        };
        RotatedSecret: {
            secret: string;
            previousValidUntil: string | null;
        };
        WebhookTest: {
            request: {
                /** @enum {string} */
                method: "POST" | "PUT" | "PATCH";
                url: string;
                headers: {
                    [key: string]: string | null;
                };
                body: string;
            };
            response: {
                status: number;
                headers: {
                    [key: string]: string;
                };
                body: string | null;
            } | null;
            /** @enum {string} */
            outcome: "delivered" | "http-error" | "timeout" | "network-error" | "refused" | "interrupted";
            errorCode: string | null;
            errorMessage: string | null;
            durationMs: number;
        };
        WebhookHealth: {
            status: components["schemas"]["WebhookStatus"];
            statusReason: string | null;
            open: number;
            waiting: number;
            lastSuccessAt: string | null;
            lastFailureAt: string | null;
            lastStatus: number | null;
            failingSince: string | null;
            /** @enum {string} */
            circuit: "closed" | "open" | "probing";
            nextProbeAt: string | null;
            resuming: {
                released: number;
                total: number;
                ratePerSecond: number | null;
                /** Format: date-time */
                startedAt: string;
            } | null;
        };
        /** @description A JSON Schema (2020-12) of what the webhook sends. */
        WebhookSchema: components["schemas"]["JsonObject"];
        /** @description A delivery with its last 50 attempts. */
        DeliveryWithAttempts: {
            id: components["schemas"]["DeliveryId"];
            webhookId: components["schemas"]["WebhookId"];
            webhookName: string;
            /** @description Of the endpoint; the whole URL may be a credential. */
            host: string;
            changeId: components["schemas"]["ChangeId"];
            tableId: components["schemas"]["TableId"];
            recordId: string;
            recordVersion: number;
            eventType: components["schemas"]["EventType"];
            state: components["schemas"]["DeliveryState"];
            /** @description Why it is held back, while it is `waiting`. */
            waitReason: components["schemas"]["WaitReason"] | null;
            /** @description Why it failed for good, such as `gave-up`. */
            failureReason: string | null;
            cancelReason: ("by-request" | "webhook-deleted" | "undone" | "expunged") | null;
            /** @description Whether it was sent again, or for a backfill: its attempts carry `tablehook-replay: true`. */
            replay: boolean;
            /** @description The other changes of its record that were merged into this delivery while it waited (`coalesce`). */
            mergedChangeIds: components["schemas"]["ChangeId"][];
            attemptCount: number;
            /** @description When the next attempt is due. */
            nextAttemptAt: string | null;
            lastStatus: number | null;
            lastErrorCode: string | null;
            /** Format: date-time */
            createdAt: string;
            settledAt: string | null;
            /** @description When its body and the answers to it were expunged: it cannot be sent again. */
            expungedAt: string | null;
            workflow: components["schemas"]["WorkflowLink"];
            attempts: components["schemas"]["Attempt"][];
        };
        /** @description One HTTP call of a delivery. `status` is null without an answer; of the body the first 16 KiB are kept. */
        Attempt: {
            number: number;
            /** Format: date-time */
            startedAt: string;
            durationMs: number | null;
            /** @enum {string} */
            outcome: "delivered" | "http-error" | "timeout" | "network-error" | "refused" | "interrupted";
            status: number | null;
            errorCode: string | null;
            errorMessage: string | null;
            responseHeaders: {
                [key: string]: string;
            };
            responseBody: string | null;
        };
        ReplaySelection: {
            selected: number;
        };
        /** @description A replay and how far it has come: `sent` counts what was put in its line, of the `selected` it began with. */
        Replay: {
            id: components["schemas"]["ReplayId"];
            webhookId: components["schemas"]["WebhookId"];
            filter: {
                states?: ("delivered" | "failed" | "cancelled")[];
                /** Format: date-time */
                since?: string;
                /** Format: date-time */
                until?: string;
                recordId?: string;
            } | null;
            backfill: ({
                /** @constant */
                records: true;
            } | {
                /** Format: date-time */
                changesSince: string;
                /** @default true */
                silent: boolean;
            }) | null;
            ratePerSecond: number | null;
            /** @enum {string} */
            state: "running" | "completed" | "cancelled";
            selected: number;
            sent: number;
            /** Format: date-time */
            createdAt: string;
            endedAt: string | null;
            workflow: components["schemas"]["WorkflowLink"];
        };
        ExpungeResult: {
            deliveries: number;
            changes: number;
            cancelled: number;
        };
        /** @description What is not settled, where it stands, and what a person should know of it. */
        Diagnosis: {
            /** Format: date-time */
            checkedAt: string;
            healthy: boolean;
            unsettled: components["schemas"]["Unsettled"][];
            findings: components["schemas"]["Finding"][];
        };
        /** @description How many changes or deliveries stand there, and the oldest of them. */
        Unsettled: {
            standing: components["schemas"]["Standing"];
            count: number;
            oldestSeconds: number | null;
            oldestChangeId: components["schemas"]["ChangeId"] | null;
        };
        /**
         * @description Where what is not settled stands. `not-planned`: a change that no worker has planned yet. Of open deliveries, `under-way`: in somebody’s hands right now; `retrying`: due at a time to come; `waiting`: held back, with a reason; `overdue`: none of these, for longer than it should take.
         * @enum {string}
         */
        Standing: "not-planned" | "overdue" | "under-way" | "retrying" | "waiting";
        /** @description Something that a person should know, and what they can do about it. */
        Finding: {
            /** @enum {string} */
            code: "temporal-unreachable" | "no-worker" | "changes-not-planned" | "deliveries-overdue" | "line-stopped" | "events-untold" | "webhook-gone" | "webhook-needs-attention" | "webhook-failing" | "webhook-paused" | "webhook-disabled";
            severity: components["schemas"]["FindingSeverity"];
            summary: string;
            advice: string;
            examples: string[];
        };
        /** @enum {string} */
        FindingSeverity: "problem" | "notice";
        ConditionOutput: {
            /** @description MongoDB-style query over the record, each key a field by name or id, read back by id. Operators: `$eq $ne $gt $gte $lt $lte $in $nin $exists $not`, `$contains` and `$startsWith` on text, joined by `$and $or $nor`. */
            filter: components["schemas"]["JsonObject"];
            /**
             * @description `matches`: the new state fits the filter, on a delete the last one. `enters`: it fits and the one before did not. `leaves`: the one before fitted and the new one, if there is one, does not.
             * @default matches
             * @enum {string}
             */
            when: "matches" | "enters" | "leaves";
        };
        PayloadOptionsOutput: {
            /**
             * @default standard
             * @enum {string}
             */
            format: "standard" | "slack" | "template";
            /** @description Only the values of these fields are sent. By name or id, read back by id. */
            fields?: string[];
            /**
             * @description How values are keyed: by field name or by field id.
             * @default name
             * @enum {string}
             */
            keys: "name" | "id";
            /**
             * @description False: items have no `previous`, and their `changes` no `from`.
             * @default true
             */
            includePrevious: boolean;
            /**
             * @description Items hold the id and version of their record and nothing else.
             * @default false
             */
            idsOnly: boolean;
            /** @description Liquid over `event`, the standard body, and `item`, its first item. Must yield a JSON object or list. */
            template?: string;
        };
        RetryPolicyOutput: {
            /** @default 5000 */
            initialMs: number;
            /** @default 3 */
            factor: number;
            /** @default 36000000 */
            maxMs: number;
            /** @default 0.2 */
            jitter: number;
            /** @default 259200000 */
            giveUpAfterMs: number;
            /** @default 15000 */
            timeoutMs: number;
            scheduleMs?: number[];
            permanentStatuses?: number[];
        };
        DeliveryPolicyOutput: {
            /**
             * @default none
             * @enum {string}
             */
            order: "none" | "record";
            ratePerSecond?: number;
            maxInFlight?: number;
            coalesce?: components["schemas"]["CoalescePolicy"];
        };
        AutoPausePolicyOutput: {
            /** @default 86400000 */
            afterFailingForMs: number;
        };
    };
    responses: {
        /** @description The request is malformed. `errors[]` names what is wrong, and where. */
        InvalidRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no API key, or it is not a valid one. */
        Unauthorized: {
            headers: {
                "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The API key lacks a scope, or does not reach the table. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such thing, or this API key may not see it. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It collides with how things stand. `detail` says with what. */
        Conflict: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The record has another version than the one asked for. */
        PreconditionFailed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body, or what would be stored of it, is too large. */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It is understood but impossible. */
        Unprocessable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The API key, or the address of the client, makes too many requests. */
        TooManyRequests: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description With `code` `overloaded` too much is in hand, and nothing was changed. Otherwise the database does not answer in time, and whether a write happened is not known. */
        Unavailable: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description Makes the write conditional on the version of the record; `*` on nothing. */
        IfMatch: string;
        /** @description Makes a repeat harmless: for 24 hours the same key with the same request answers what was answered first. With another request it is 422, while the first is still in progress 409. */
        IdempotencyKey: string;
        /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
        Hops: number;
    };
    requestBodies: never;
    headers: {
        /** @description The version of the record, in quotes. If-Match takes it back. */
        ETag: string;
        /** @description The path of what was created. */
        Location: string;
        /** @description The id of the record change. Absent when nothing changed. */
        ChangeId: string;
        /** @description Where to look at the workflow. Absent without one, or without an address of the Temporal UI. */
        WorkflowUrl: string;
        /** @description Whole seconds after which it is worth trying again. */
        RetryAfter: number;
        /** @description Always `Bearer`. */
        WwwAuthenticate: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listTables: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Table"][];
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createTable: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat harmless: for 24 hours the same key with the same request answers what was answered first. With another request it is 422, while the first is still in progress 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTableInput"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Table"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    getTable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a table. */
                tableId: components["schemas"]["TableId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Table"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeTable: {
        parameters: {
            query?: {
                /** @description `true` cancels open deliveries instead of answering 409. */
                force?: "true" | "false";
            };
            header?: {
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a table. */
                tableId: components["schemas"]["TableId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. There is no body. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateTable: {
        parameters: {
            query?: never;
            header?: {
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a table. */
                tableId: components["schemas"]["TableId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateTableInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Table"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listRecords: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                cursor?: string;
                /** @description How values are keyed: by field name or by field id. */
                keys?: "name" | "id";
            };
            header?: never;
            path: {
                /** @description The id of a table. */
                tableId: components["schemas"]["TableId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["TableRecord"][];
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createRecord: {
        parameters: {
            query?: {
                /** @description How values are keyed: by field name or by field id. */
                keys?: "name" | "id";
                /** @description `false` writes silently: the record changes, no webhook hears of it. */
                fire?: "true" | "false";
            };
            header?: {
                /** @description Makes a repeat harmless: for 24 hours the same key with the same request answers what was answered first. With another request it is 422, while the first is still in progress 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a table. */
                tableId: components["schemas"]["TableId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateRecordInput"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WrittenRecord"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    batchRecords: {
        parameters: {
            query?: {
                /** @description How values are keyed: by field name or by field id. */
                keys?: "name" | "id";
                /** @description `false` writes silently: the record changes, no webhook hears of it. */
                fire?: "true" | "false";
            };
            header?: {
                /** @description Makes a repeat harmless: for 24 hours the same key with the same request answers what was answered first. With another request it is 422, while the first is still in progress 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a table. */
                tableId: components["schemas"]["TableId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BatchRecordsInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchResult"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    getRecord: {
        parameters: {
            query?: {
                /** @description How values are keyed: by field name or by field id. */
                keys?: "name" | "id";
            };
            header?: never;
            path: {
                /** @description The id of a table. */
                tableId: components["schemas"]["TableId"];
                /** @description The id of a record. */
                recordId: components["schemas"]["StoredRecordId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TableRecord"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeRecord: {
        parameters: {
            query?: {
                /** @description `false` writes silently: the record changes, no webhook hears of it. */
                fire?: "true" | "false";
                /** @description Who deletes it. */
                operatorId?: string;
            };
            header?: {
                /** @description Makes the write conditional on the version of the record; `*` on nothing. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a table. */
                tableId: components["schemas"]["TableId"];
                /** @description The id of a record. */
                recordId: components["schemas"]["StoredRecordId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. There is no body. */
            204: {
                headers: {
                    "tablehook-change-id": components["headers"]["ChangeId"];
                    "tablehook-workflow-url": components["headers"]["WorkflowUrl"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateRecord: {
        parameters: {
            query?: {
                /** @description How values are keyed: by field name or by field id. */
                keys?: "name" | "id";
                /** @description `false` writes silently: the record changes, no webhook hears of it. */
                fire?: "true" | "false";
            };
            header?: {
                /** @description Makes the write conditional on the version of the record; `*` on nothing. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a table. */
                tableId: components["schemas"]["TableId"];
                /** @description The id of a record. */
                recordId: components["schemas"]["StoredRecordId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateRecordInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WrittenRecord"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listChanges: {
        parameters: {
            query?: {
                after?: string;
                /** @description How many changes a page holds at most. */
                limit?: number;
                /** @description How values are keyed: by field name or by field id. */
                keys?: "name" | "id";
            };
            header?: never;
            path: {
                /** @description The id of a table. */
                tableId: components["schemas"]["TableId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Change"][];
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    reportChanges: {
        parameters: {
            query?: {
                /** @description How values are keyed: by field name or by field id. */
                keys?: "name" | "id";
            };
            header?: {
                /** @description Makes a repeat harmless: for 24 hours the same key with the same request answers what was answered first. With another request it is 422, while the first is still in progress 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a table. */
                tableId: components["schemas"]["TableId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReportChangesInput"];
            };
        };
        responses: {
            /** @description Accepted: what follows is done by the workers. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportChangesResult"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    getChange: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a change. */
                changeId: components["schemas"]["ChangeId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangeWithDeliveries"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ApiKey"][];
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat harmless: for 24 hours the same key with the same request answers what was answered first. With another request it is 422, while the first is still in progress 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateApiKeyInput"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of an API key. */
                keyId: components["schemas"]["ApiKeyId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. There is no body. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The id of a table. */
                tableId: components["schemas"]["TableId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Webhook"][];
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat harmless: for 24 hours the same key with the same request answers what was answered first. With another request it is 422, while the first is still in progress 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a table. */
                tableId: components["schemas"]["TableId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateWebhookInput"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedWebhook"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a webhook. */
                webhookId: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a webhook. */
                webhookId: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. There is no body. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a webhook. */
                webhookId: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateWebhookInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    pauseWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a webhook. */
                webhookId: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PauseWebhookInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    resumeWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a webhook. */
                webhookId: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ResumeWebhookInput"];
            };
        };
        responses: {
            /** @description Accepted: what follows is done by the workers. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResumedWebhook"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    previewWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a webhook. */
                webhookId: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PreviewWebhookInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookPreview"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    duplicateWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat harmless: for 24 hours the same key with the same request answers what was answered first. With another request it is 422, while the first is still in progress 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a webhook. */
                webhookId: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DuplicateWebhookInput"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedWebhook"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    rotateSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat harmless: for 24 hours the same key with the same request answers what was answered first. With another request it is 422, while the first is still in progress 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a webhook. */
                webhookId: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RotateSecretInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RotatedSecret"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a webhook. */
                webhookId: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TestWebhookInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookTest"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    getWebhookHealth: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a webhook. */
                webhookId: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookHealth"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    getWebhookSchema: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a webhook. */
                webhookId: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSchema"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                cursor?: string;
                webhookId?: components["schemas"]["WebhookId"];
                tableId?: components["schemas"]["TableId"];
                recordId?: string;
                state?: components["schemas"]["DeliveryState"];
                /** @description Created then or later. */
                since?: string;
                /** @description Created before. */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Delivery"][];
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    getDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a delivery. */
                deliveryId: components["schemas"]["DeliveryId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryWithAttempts"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    retryDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a delivery. */
                deliveryId: components["schemas"]["DeliveryId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted: what follows is done by the workers. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    cancelDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a delivery. */
                deliveryId: components["schemas"]["DeliveryId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    redeliverDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a delivery. */
                deliveryId: components["schemas"]["DeliveryId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RedeliverInput"];
            };
        };
        responses: {
            /** @description Accepted: what follows is done by the workers. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listReplays: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                cursor?: string;
                webhookId?: components["schemas"]["WebhookId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Replay"][];
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createReplay: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat harmless: for 24 hours the same key with the same request answers what was answered first. With another request it is 422, while the first is still in progress 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateReplayInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplaySelection"];
                };
            };
            /** @description Created. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    getReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a replay. */
                replayId: components["schemas"]["ReplayId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    cancelReplay: {
        parameters: {
            query?: never;
            header?: {
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a replay. */
                replayId: components["schemas"]["ReplayId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    expungeDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a delivery. */
                deliveryId: components["schemas"]["DeliveryId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ExpungeInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExpungeResult"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    expungeRecord: {
        parameters: {
            query?: never;
            header?: {
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a table. */
                tableId: components["schemas"]["TableId"];
                recordId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ExpungeInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExpungeResult"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    expungeTable: {
        parameters: {
            query?: never;
            header?: {
                /** @description For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds. */
                "tablehook-hops"?: components["parameters"]["Hops"];
            };
            path: {
                /** @description The id of a table. */
                tableId: components["schemas"]["TableId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ExpungeInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExpungeResult"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    getDiagnosis: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Diagnosis"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    recordCreated: {
        parameters: {
            query?: never;
            header: {
                /** @description The id of the delivery: the same on every attempt. */
                "webhook-id": string;
                /** @description When this attempt was signed, in Unix seconds. */
                "webhook-timestamp": string;
                /** @description `v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`; several, separated by spaces, while a secret is being replaced. */
                "webhook-signature": string;
                /** @description The event type. */
                "tablehook-event": string;
                /** @description 1 on the first attempt, 2 on the next. */
                "tablehook-attempt": string;
                /** @description How many deliveries led to this one. Send it back when you write to Tablehook. */
                "tablehook-hops": string;
                /** @description `true` on what is sent again or backfilled, else absent. */
                "tablehook-replay"?: string;
                /** @description `true` on a test, which tells of nothing that happened, else absent. */
                "tablehook-test"?: string;
                /** @description W3C Trace Context: one trace per delivery, one span per attempt. */
                traceparent: string;
                /** @description `Tablehook/` and its version. */
                "user-agent": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EventBody"];
            };
        };
        responses: {
            /** @description Tried again. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The delivery fails, and the webhook is disabled with status `gone`. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again. */
            425: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again, after `Retry-After` where it is given. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Delivered. The body is kept for the log, its first 16 KiB. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The delivery fails: redirects are never followed. */
            "3XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The delivery fails for good, unless `retry.permanentStatuses` of the webhook leaves the status out. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again by the `retry` policy of the webhook, after `Retry-After` where it is given. So is no answer in time, or no connection. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    recordUpdated: {
        parameters: {
            query?: never;
            header: {
                /** @description The id of the delivery: the same on every attempt. */
                "webhook-id": string;
                /** @description When this attempt was signed, in Unix seconds. */
                "webhook-timestamp": string;
                /** @description `v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`; several, separated by spaces, while a secret is being replaced. */
                "webhook-signature": string;
                /** @description The event type. */
                "tablehook-event": string;
                /** @description 1 on the first attempt, 2 on the next. */
                "tablehook-attempt": string;
                /** @description How many deliveries led to this one. Send it back when you write to Tablehook. */
                "tablehook-hops": string;
                /** @description `true` on what is sent again or backfilled, else absent. */
                "tablehook-replay"?: string;
                /** @description `true` on a test, which tells of nothing that happened, else absent. */
                "tablehook-test"?: string;
                /** @description W3C Trace Context: one trace per delivery, one span per attempt. */
                traceparent: string;
                /** @description `Tablehook/` and its version. */
                "user-agent": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EventBody"];
            };
        };
        responses: {
            /** @description Tried again. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The delivery fails, and the webhook is disabled with status `gone`. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again. */
            425: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again, after `Retry-After` where it is given. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Delivered. The body is kept for the log, its first 16 KiB. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The delivery fails: redirects are never followed. */
            "3XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The delivery fails for good, unless `retry.permanentStatuses` of the webhook leaves the status out. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again by the `retry` policy of the webhook, after `Retry-After` where it is given. So is no answer in time, or no connection. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    recordDeleted: {
        parameters: {
            query?: never;
            header: {
                /** @description The id of the delivery: the same on every attempt. */
                "webhook-id": string;
                /** @description When this attempt was signed, in Unix seconds. */
                "webhook-timestamp": string;
                /** @description `v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`; several, separated by spaces, while a secret is being replaced. */
                "webhook-signature": string;
                /** @description The event type. */
                "tablehook-event": string;
                /** @description 1 on the first attempt, 2 on the next. */
                "tablehook-attempt": string;
                /** @description How many deliveries led to this one. Send it back when you write to Tablehook. */
                "tablehook-hops": string;
                /** @description `true` on what is sent again or backfilled, else absent. */
                "tablehook-replay"?: string;
                /** @description `true` on a test, which tells of nothing that happened, else absent. */
                "tablehook-test"?: string;
                /** @description W3C Trace Context: one trace per delivery, one span per attempt. */
                traceparent: string;
                /** @description `Tablehook/` and its version. */
                "user-agent": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EventBody"];
            };
        };
        responses: {
            /** @description Tried again. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The delivery fails, and the webhook is disabled with status `gone`. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again. */
            425: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again, after `Retry-After` where it is given. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Delivered. The body is kept for the log, its first 16 KiB. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The delivery fails: redirects are never followed. */
            "3XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The delivery fails for good, unless `retry.permanentStatuses` of the webhook leaves the status out. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again by the `retry` policy of the webhook, after `Retry-After` where it is given. So is no answer in time, or no connection. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
