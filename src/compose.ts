import type { Config } from './config.ts';
import { CIRCUIT } from './domain/circuit.ts';
import { connectMongodb } from './models/models.ts';
import { createAddressPolicy } from './outbound/address-policy.ts';
import { checkCustomHeader } from './outbound/custom-headers.ts';
import type { WebhookClient } from './outbound/post-webhook.ts';
import { createSafeAgent } from './outbound/safe-agent.ts';
import { checkTargetUrl } from './outbound/target-url.ts';
import { createSecretBox } from './secret-box.ts';
import type { EndpointRules, ServiceContext } from './services/context.ts';
import { newId } from './services/id.ts';
import { recordWorkflowsUrl, workflowUrl } from './temporal/names.ts';
import { unreachable } from './unreachable.ts';

/** What API and worker share: the database, the clock, ids, randomness and the secret box. */
export async function composeServices(config: Config, mongodbUri: string): Promise<ServiceContext> {
  const { uiUrl, namespace } = config.temporal;
  return {
    secretBox: createSecretBox(config.secretKeys),
    models: await connectMongodb(mongodbUri).catch(unreachable('MongoDB', mongodbUri)),
    clock: () => new Date(),
    newId,
    random: Math.random,
    circuit: CIRCUIT,
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
    client: { agent: createSafeAgent({ policy, proxy: targets.egressProxy }), target },
  };
}
