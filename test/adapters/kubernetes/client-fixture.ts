/** A simulated cluster, and our own client of it: in process, or over a transport of the test's. */
import type { HttpLibrary } from "@kubernetes/client-node/dist/gen/index.js";
import type { VirtualClock } from "../../../local/cloud/clock.ts";
import { clusterOpener, type KubernetesClient } from "../../../adapters/kubernetes/client.ts";
import { ourGroup, ourRules } from "../../../adapters/kubernetes/rights.ts";
import type { KubernetesTransport } from "../../../adapters/kubernetes/transport.ts";
import type { IdentitySource } from "../../../local/cloud/kubernetes/authentication.ts";
import type { KubeCluster } from "../../../local/cloud/kubernetes/cluster.ts";
import type { PolicyRule } from "../../../local/cloud/kubernetes/objects.ts";
import type { KubeSettings } from "../../../local/cloud/kubernetes/settings.ts";
import { kubernetesInProcess } from "../../../local/wire/front/kubernetes-in-process.ts";
import { virtualCluster } from "../../local/cloud/kubernetes/cluster-fixture.ts";

const region = "eu-west-1";
const endpoint = "https://0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com";
const roleArn = "arn:aws:iam::444455556666:role/spot-optimizer";

export const credentials = {
  accessKeyId: "ASIAEXAMPLE",
  secretAccessKey: "not-a-secret",
  sessionToken: "session-token-of-a-test",
};

/** Who the cluster takes our role for. */
export const mappedTo = (
  identity: { readonly username: string; readonly groups: readonly string[] } | undefined,
): IdentitySource => ({
  signer: (accessKeyId) =>
    accessKeyId === credentials.accessKeyId
      ? { signer: credentials, caller: { accountId: "444455556666", arn: roleArn } }
      : undefined,
  identityOf: () => identity,
});

export const mapped = mappedTo({ username: "optimizer", groups: [ourGroup] });

export const policyRulesOf = (rules: typeof ourRules): readonly PolicyRule[] =>
  rules.map(({ group, resource, verbs }) => ({
    apiGroups: [group],
    resources: [resource],
    verbs: [...verbs],
  }));

export const policyRules = policyRulesOf(ourRules);

/** Gives our group these rules. @param name of the ClusterRole */
export const bindRules = (
  { control }: KubeCluster,
  rules: readonly PolicyRule[],
  name: string = ourGroup,
): void => {
  control.add("clusterroles", { metadata: { name }, rules });
  control.add("clusterrolebindings", {
    metadata: { name },
    roleRef: { kind: "ClusterRole", name },
    subjects: [{ kind: "Group", name: ourGroup }],
  });
};

export const inProcess = (clock: VirtualClock, cluster: KubeCluster): KubernetesTransport =>
  kubernetesInProcess({ clock, clusterAt: (at) => (at === endpoint ? cluster : undefined) });

export const open = (
  transport: KubernetesTransport,
  { clock, cluster }: { readonly clock: VirtualClock; readonly cluster: KubeCluster },
  change: Partial<Parameters<ReturnType<ReturnType<typeof clusterOpener>>>[0]> = {},
): Promise<KubernetesClient> =>
  clusterOpener(transport)(region, credentials)({
    clusterName: cluster.name,
    roleArn,
    endpoint,
    authority: cluster.pki.authority,
    now: new Date(clock.now()),
    ...change,
  });

export interface Connected {
  readonly clock: VirtualClock;
  readonly cluster: KubeCluster;
  readonly client: KubernetesClient;
}

/** With all the rights that we ask for, unless others are given. */
export const connected = async (
  options: {
    readonly source?: IdentitySource;
    readonly rules?: readonly PolicyRule[];
    readonly settings?: Partial<KubeSettings>;
  } = {},
): Promise<Connected> => {
  const { source = mapped, rules = policyRules, settings = {} } = options;
  const { clock, cluster } = virtualCluster({ source, settings });
  bindRules(cluster, rules);
  const client = await open(inProcess(clock, cluster), { clock, cluster });
  return { clock, cluster, client };
};

/** A transport that sends nothing, and fails so. */
export const failingWith =
  (error: unknown): KubernetesTransport =>
  () =>
    ({
      send: () => {
        throw error;
      },
    }) satisfies HttpLibrary;
