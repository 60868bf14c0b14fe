/** Services that the API server asks before it admits what is written: pods behind them are needed for every other pod to be made again. */
import type {
  V1MutatingWebhookConfiguration,
  V1Service,
  V1ValidatingWebhookConfiguration,
} from "@kubernetes/client-node/dist/gen/index.js";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { ClusterView, WebhookServiceFacts } from "../../core/model/kubernetes/cluster.ts";
import type { KubernetesClient } from "./client.ts";
import { readList } from "./lists.ts";
import { identityOf, told } from "./objects.ts";

type Configuration = V1MutatingWebhookConfiguration | V1ValidatingWebhookConfiguration;
type ServiceName = Pick<WebhookServiceFacts, "namespace" | "name">;

/** One at a URL is not of the cluster. */
const servicesIn = ({ webhooks = [] }: Configuration): readonly ServiceName[] =>
  webhooks.flatMap(({ clientConfig: { service } }) =>
    service === undefined ? [] : [{ namespace: service.namespace, name: service.name }],
  );

const listConfigurations = async (client: KubernetesClient): Promise<readonly Configuration[]> => {
  const [validating, mutating] = await Promise.all([
    readList(client, { action: "ListValidatingWebhookConfigurations" }, (page) =>
      client.admission.listValidatingWebhookConfiguration(page),
    ),
    readList(client, { action: "ListMutatingWebhookConfigurations" }, (page) =>
      client.admission.listMutatingWebhookConfiguration(page),
    ),
  ]);
  return [...validating, ...mutating];
};

const serviceFacts = ({ metadata, spec }: V1Service): WebhookServiceFacts => {
  const { name } = identityOf(metadata, "a Service");
  const namespace = told(metadata?.namespace, `the namespace of Service ${name}`);
  return { namespace, name, selector: spec?.selector ?? {} };
};

const listServicesIn = async (
  client: KubernetesClient,
  namespace: string,
): Promise<readonly WebhookServiceFacts[]> => {
  const about = { action: "ListServices", resource: `namespace ${namespace}` };
  const services = await readList(client, about, (page) =>
    client.core.listNamespacedService({ ...page, namespace }),
  );
  return services.map(serviceFacts);
};

/** A Service that is not there has no pods. */
const listWebhookServices = async (
  client: KubernetesClient,
): Promise<readonly WebhookServiceFacts[]> => {
  const named = (await listConfigurations(client)).flatMap(servicesIn);
  const namespaces = [...new Set(named.map(({ namespace }) => namespace))].toSorted();
  const services = await Promise.all(namespaces.map((each) => listServicesIn(client, each)));
  return services
    .flat()
    .filter((service) =>
      named.some(({ namespace, name }) => namespace === service.namespace && name === service.name),
    );
};

/** The rights to it are optional: without them it is said that nobody knows, and that is not an empty list. */
export const readWebhooks = async (
  client: KubernetesClient,
): Promise<Pick<ClusterView, "webhookServices" | "areWebhooksHidden">> => {
  try {
    return { webhookServices: await listWebhookServices(client) };
  } catch (error) {
    if (error instanceof SpotOptimizerError && error.name === "BrokenClusterAccess") {
      return { areWebhooksHidden: true };
    }
    throw error;
  }
};
