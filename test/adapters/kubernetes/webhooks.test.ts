import { describe, expect, test } from "@jest/globals";
import { optionalRules, ourRules } from "../../../adapters/kubernetes/rights.ts";
import { readViewForDrain } from "../../../adapters/kubernetes/view.ts";
import { readWebhooks } from "../../../adapters/kubernetes/webhooks.ts";
import type { KubeCluster } from "../../../local/cloud/kubernetes/cluster.ts";
import type {
  PolicyRule,
  Service,
  WebhookConfiguration,
} from "../../../local/cloud/kubernetes/objects.ts";
import { refuse } from "../../../local/cloud/kubernetes/refusals.ts";
import { connected } from "./client-fixture.ts";

const policyRules: readonly PolicyRule[] = [...ourRules, ...optionalRules].map(
  ({ group, resource, verbs }) => ({
    apiGroups: [group],
    resources: [resource],
    verbs: [...verbs],
  }),
);

type Webhook = NonNullable<WebhookConfiguration["webhooks"]>[number];

const webhook = (name: string, clientConfig: Webhook["clientConfig"]): Webhook => ({
  name: `${name}.example.com`,
  clientConfig,
});

const addService = ({ control }: KubeCluster, name: string, spec: Service["spec"]): void => {
  control.add("services", { metadata: { namespace: "hooks", name }, spec });
};

/** One that selects pods, one that selects none, one that is not there, and one at a URL. */
const addWebhooks = (cluster: KubeCluster): void => {
  const { control } = cluster;
  control.add("validatingwebhookconfigurations", {
    metadata: { name: "policy" },
    webhooks: [
      webhook("policy", { service: { namespace: "hooks", name: "policy" } }),
      webhook("gone", { service: { namespace: "gone", name: "gone" } }),
      webhook("far", { url: "https://hooks.example.com" }),
    ],
  });
  control.add("mutatingwebhookconfigurations", {
    metadata: { name: "sidecars" },
    webhooks: [webhook("sidecars", { service: { namespace: "hooks", name: "sidecars" } })],
  });
  addService(cluster, "policy", { selector: { app: "policy" }, ports: [{ port: 443 }] });
  addService(cluster, "sidecars", { ports: [{ port: 443 }] });
  addService(cluster, "other", { selector: { app: "other" }, ports: [{ port: 80 }] });
};

describe("Services of admission webhooks", () => {
  test("are those that configurations of either kind name, with the labels of their pods", async () => {
    const { client, cluster } = await connected({ rules: policyRules });
    addWebhooks(cluster);
    const webhookServices = [
      { namespace: "hooks", name: "policy", selector: { app: "policy" } },
      { namespace: "hooks", name: "sidecars", selector: {} },
    ];
    expect(await readWebhooks(client)).toEqual({ webhookServices });
    expect(await readViewForDrain(client)).toMatchObject({ nodes: [], webhookServices });
  });

  test("are none where no configuration names one: Services are not read then", async () => {
    const { client, cluster } = await connected({ rules: policyRules });
    addService(cluster, "other", { selector: { app: "other" } });
    expect(await readWebhooks(client)).toEqual({ webhookServices: [] });
    expect(cluster.journal.filter(({ resource }) => resource === "services")).toEqual([]);
  });

  test.each(optionalRules.map(({ resource }) => resource))(
    "are not known without the right to list %s, which is not an empty list and no failure",
    async (missing) => {
      const rules = policyRules.filter(({ resources }) => resources?.includes(missing) !== true);
      const { client, cluster } = await connected({ rules });
      addWebhooks(cluster);
      expect(await readWebhooks(client)).toEqual({ areWebhooksHidden: true });
      expect(await readViewForDrain(client)).toMatchObject({ nodes: [], areWebhooksHidden: true });
    },
  );

  test("are not taken for hidden by a server that is out of order", async () => {
    const { client, cluster } = await connected({ rules: policyRules });
    cluster.faults.before(({ resource }) => {
      if (resource === "mutatingwebhookconfigurations") {
        throw refuse(503, "ServiceUnavailable", { message: "try again" });
      }
    });
    await expect(readWebhooks(client)).rejects.toMatchObject({ name: "RetryableUnavailable" });
  });
});
