import { z } from 'zod';
import { ApiKey, CreateApiKeyInput, CreatedApiKey, Scope } from '../../contracts/api-key.ts';
import { ChangeWithDeliveries } from '../../contracts/change-with-deliveries.ts';
import {
  Change,
  ChangeSource,
  EventType,
  FieldChange,
  ReportChangesInput,
  ReportChangesResult,
  ReportedChange,
  WorkflowLink,
} from '../../contracts/change.ts';
import {
  Attempt,
  Delivery,
  DeliveryState,
  DeliveryWithAttempts,
  RedeliverInput,
  WaitReason,
} from '../../contracts/delivery.ts';
import { Diagnosis, Finding, FindingSeverity, Standing, Unsettled } from '../../contracts/diagnosis.ts';
import { EventBody } from '../../contracts/event-body.ts';
import {
  ApiKeyId,
  ChangeId,
  DeliveryId,
  FieldId,
  ReplayId,
  StoredRecordId,
  TableId,
  WebhookId,
} from '../../contracts/id.ts';
import { JsonObject, JsonValue } from '../../contracts/json.ts';
import { Problem } from '../../contracts/problem.ts';
import {
  BatchRecordsInput,
  BatchResult,
  CreateRecordInput,
  RecordOperation,
  TableRecord,
  UpdateRecordInput,
  WrittenRecord,
} from '../../contracts/record.ts';
import { CreateReplayInput, Replay, ReplaySelection } from '../../contracts/replay.ts';
import {
  CreateTableInput,
  Field,
  FieldInput,
  FieldType,
  Table,
  UpdateTableInput,
} from '../../contracts/table.ts';
import { Condition } from '../../contracts/condition.ts';
import { ExpungeInput, ExpungeResult } from '../../contracts/expunge.ts';
import { PayloadOptions, UpdatePayloadOptions } from '../../contracts/payload.ts';
import {
  AutoPausePolicy,
  CoalescePolicy,
  DeliveryPolicy,
  RetryPolicy,
  UpdateDeliveryPolicy,
  UpdateRetryPolicy,
} from '../../contracts/policies.ts';
import { WebhookHealth } from '../../contracts/webhook-health.ts';
import { PreviewedChange, PreviewWebhookInput, WebhookPreview } from '../../contracts/webhook-preview.ts';
import { WebhookSchema } from '../../contracts/webhook-schema.ts';
import { TestWebhookInput, WebhookTest } from '../../contracts/webhook-test.ts';
import {
  CreatedWebhook,
  CreateWebhookInput,
  DuplicateWebhookInput,
  IgnoredSource,
  PauseWebhookInput,
  ResumedWebhook,
  ResumeWebhookInput,
  RotatedSecret,
  RotateSecretInput,
  UpdateWebhookInput,
  Webhook,
  WebhookHeader,
  WebhookStatus,
} from '../../contracts/webhook.ts';

/** Gives shapes their name in the document: that of their schema. A shape without one is written out where it is used. */
export function nameSchemas(): void {
  for (const [id, schema] of Object.entries(SCHEMAS)) {
    z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id });
  }
}

const SCHEMAS: Record<string, z.ZodType> = {
  ApiKey,
  ApiKeyId,
  Attempt,
  AutoPausePolicy,
  BatchRecordsInput,
  BatchResult,
  Change,
  ChangeId,
  ChangeSource,
  ChangeWithDeliveries,
  CoalescePolicy,
  Condition,
  CreateApiKeyInput,
  CreatedApiKey,
  CreatedWebhook,
  CreateRecordInput,
  CreateReplayInput,
  CreateTableInput,
  CreateWebhookInput,
  Delivery,
  DeliveryId,
  DeliveryPolicy,
  DeliveryState,
  DeliveryWithAttempts,
  Diagnosis,
  DuplicateWebhookInput,
  EventBody,
  EventType,
  ExpungeInput,
  ExpungeResult,
  Field,
  FieldChange,
  FieldId,
  FieldInput,
  FieldType,
  Finding,
  FindingSeverity,
  IgnoredSource,
  JsonObject,
  JsonValue,
  PauseWebhookInput,
  PayloadOptions,
  PreviewedChange,
  PreviewWebhookInput,
  Problem,
  RecordOperation,
  RedeliverInput,
  Replay,
  ReplayId,
  ReplaySelection,
  ReportChangesInput,
  ReportChangesResult,
  ReportedChange,
  ResumedWebhook,
  ResumeWebhookInput,
  RetryPolicy,
  RotatedSecret,
  RotateSecretInput,
  Scope,
  Standing,
  StoredRecordId,
  Table,
  TableId,
  TableRecord,
  TestWebhookInput,
  Unsettled,
  UpdateDeliveryPolicy,
  UpdatePayloadOptions,
  UpdateRecordInput,
  UpdateRetryPolicy,
  UpdateTableInput,
  UpdateWebhookInput,
  WaitReason,
  Webhook,
  WebhookHeader,
  WebhookHealth,
  WebhookId,
  WebhookPreview,
  WebhookSchema,
  WebhookStatus,
  WebhookTest,
  WorkflowLink,
  WrittenRecord,
};
