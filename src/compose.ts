import type { Config } from './config.ts';
import { CIRCUIT } from './domain/circuit.ts';
import { connectMongodb } from './models/models.ts';
import { createAddressPolicy } from './outbound/address-policy.ts';
import { checkCustomHeader } from './outbound/custom-headers.ts';
import type { WebhookClient } from './outbound/post-webhook.ts';
import { createSafeAgent } from './outbound/safe-agent.ts';
import { checkTargetUrl } from './outbound/target-url.ts';
import { createSecretBox } from './secret-box.ts';
import { Budget } from './services/budget.ts';
import type { EndpointRules, ServiceContext } from './services/context.ts';
import { requireKeys } from './services/keys/require-keys.ts';
import { newId } from './services/id.ts';
import { recordWorkflowsUrl, workflowUrl } from './temporal/names.ts';
import { unreachable } from './unreachable.ts';

/** Each holds up to 20 changes of half a MiB, and what MongoDB sent them in. */
const WALKING_AT_ONCE = 4;

/** What API and worker share: the database, the clock, ids, randomness and the secret box. Throws when the box lacks a key. */
export async function composeServices(config: Config, mongodbUri: string): Promise<ServiceContext> {
  const { uiUrl, namespace } = config.temporal;
  const secretBox = createSecretBox(config.secretKeys);
  const models = await connectMongodb(mongodbUri).catch(unreachable('MongoDB', mongodbUri));
  try {
    await requireKeys({ models, secretBox });
  } catch (error) {
    await models.connection.close();
    throw error;
  }
  return {
    secretBox,
    models,
    clock: () => new Date(),
    newId,
    random: Math.random,
    circuit: CIRCUIT,
    walking: new Budget({ total: WALKING_AT_ONCE }),
    workflowLink: (id) => ({ id, url: workflowUrl({ uiUrl, namespace }, id) }),
    recordWorkflowsLink: (recordId) => ({
      id: null,
      url: recordWorkflowsUrl({ uiUrl, namespace }, recordId),
    }),
  };
}

/** The rules of registration and the guarded client, over one address policy. */
export function composeOutbound(
  { targets }: Config,
  ownAddresses: readonly string[],
): { endpointRules: EndpointRules; client: WebhookClient } {
  const policy = createAddressPolicy({ allowCidrs: targets.allowCidrs });
  const target = { policy, requireHttps: targets.requireHttps, refusedOrigins: ownAddresses };
  return {
    endpointRules: { checkUrl: (url) => checkTargetUrl(url, target), checkHeader: checkCustomHeader },
    client: {
      agent: createSafeAgent({ policy, refusedOrigins: ownAddresses, proxy: targets.egressProxy }),
      target,
    },
  };
}
