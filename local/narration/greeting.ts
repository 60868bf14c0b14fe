/** What a platform that has started tells: addresses, what there is to be looked at, and keys. */
import type { LivePlatform } from "../platform/live-platform.ts";

export const greetingLines = ({
  apiUrl,
  cloudUrl,
  fleet,
  kubeconfigFile,
  keys,
  replayed,
  version,
}: LivePlatform): readonly string[] => [
  `Spot Optimizer ${version} on simulated AWS. Nothing here reaches a real account.`,
  `  console          ${apiUrl}/`,
  `  control API      ${apiUrl}/api/v1  (OpenAPI at ${apiUrl}/api/v1/openapi.json)`,
  `  simulated cloud  ${cloudUrl}  (endpoint URL for the AWS CLI)`,
  ...(replayed > 0
    ? [`  resumed; ${String(replayed)} calls of earlier runs were played again`]
    : []),
  "",
  "Instances in the simulated accounts:",
  ...fleet.instances.map(
    ({ accountId, instanceId, instanceType, zoneName, purpose }) =>
      `  ${accountId}  ${instanceId}  ${instanceType.padEnd(10)} ${zoneName}  ${purpose}`,
  ),
  "",
  "An Auto Scaling group behind a load balancer, and one of its members, by which it is registered:",
  `  ${fleet.group.accountId}  ${fleet.group.asgName}, ${String(fleet.group.size)} members  ${fleet.group.member.instanceId}  ${fleet.group.member.instanceType}  ${fleet.group.member.zoneName}`,
  "",
  `An EKS cluster, ${fleet.cluster.name}, in account ${fleet.cluster.place.accountId}, with ${String(fleet.cluster.instanceIds.length)} On-Demand nodes. Look at it with kubectl:`,
  `  kubectl --kubeconfig ${kubeconfigFile} get nodes`,
  "",
  "Keys of the accounts' owners, for the AWS CLI:",
  ...Object.entries(keys).map(
    ([accountId, key]) => `  ${accountId}  ${key.accessKeyId} ${key.secretAccessKey}`,
  ),
  "",
  "Ctrl-C ends it; the next start goes on from here. From now on each decision, phase and outcome has a line, by simulated time (UTC).",
];

/** The same for programs, as the first line of NDJSON. */
export const greetingJson = (live: LivePlatform): string => {
  const { fleet, keys } = live;
  return JSON.stringify({
    type: "started",
    version: live.version,
    console_url: `${live.apiUrl}/`,
    api_url: `${live.apiUrl}/api/v1`,
    cloud_url: live.cloudUrl,
    kubeconfig: live.kubeconfigFile,
    replayed: live.replayed,
    instances: fleet.instances.map((instance) => ({
      account_id: instance.accountId,
      instance_id: instance.instanceId,
      instance_type: instance.instanceType,
      availability_zone: instance.zoneName,
      purpose: instance.purpose,
    })),
    group: {
      account_id: fleet.group.accountId,
      asg_name: fleet.group.asgName,
      instance_id: fleet.group.member.instanceId,
    },
    cluster: {
      account_id: fleet.cluster.place.accountId,
      name: fleet.cluster.name,
      instance_ids: fleet.cluster.instanceIds,
    },
    keys: Object.entries(keys).map(([accountId, key]) => ({
      account_id: accountId,
      access_key_id: key.accessKeyId,
      secret_access_key: key.secretAccessKey,
    })),
  });
};
