/** What a customer does between two restarts: good calls, calls that are refused, readings, and a switch now and then. */
import { apiBasePath } from "../../lambdas/api/context.ts";
import { localAdminToken } from "../cloud/kubernetes/authentication.ts";
import { CloudError } from "../cloud/contract.ts";
import { oneOf, type Random } from "../cloud/random.ts";
import { handlerOf, type LiveWorld } from "../platform/live-world.ts";
import { labAccountId } from "../platform/starter-fleet.ts";
import type { ServiceId } from "../schemas/services.ts";

const region = "us-east-1";

type Act = (world: LiveWorld, random: Random) => Promise<unknown>;

const call = (
  { platform, keys }: LiveWorld,
  service: ServiceId,
  asked: { readonly operation: string; readonly input: object },
): Promise<unknown> => {
  const accessKeyId = keys[labAccountId]?.accessKeyId ?? "";
  return platform.cloud.call({ service, region, accessKeyId, ...asked });
};

/** Most of what is done at random is refused at times. */
const unlessRefused = async (act: Promise<unknown>): Promise<void> => {
  try {
    await act;
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
  }
};

const api = (
  { platform }: LiveWorld,
  method: string,
  asked: { readonly path: string; readonly body?: object },
): Promise<Response> =>
  handlerOf(platform)(
    new Request(`http://api.local${apiBasePath}${asked.path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
    }),
  );

const instanceIdOf = ({ fleet }: LiveWorld, random: Random): string =>
  oneOf(random, fleet.instances.slice(0, 3)).instanceId;

const acts: readonly Act[] = [
  (world, random) =>
    call(world, "ec2", {
      operation: "CreateTags",
      input: {
        Resources: [instanceIdOf(world, random)],
        Tags: [{ Key: `Tag${String(random.integer(1, 9))}`, Value: random.hex(4) }],
      },
    }),
  (world) => call(world, "ec2", { operation: "DescribeInstances", input: {} }),
  (world) =>
    call(world, "ec2", {
      operation: "RunInstances",
      input: {
        ImageId: "ami-00000000000000000",
        InstanceType: "m5.large",
        MinCount: 1,
        MaxCount: 1,
      },
    }),
  (world, random) =>
    call(world, "ec2", {
      operation: "CreateVolume",
      input: { AvailabilityZone: "us-east-1a", Size: random.integer(1, 50), VolumeType: "gp3" },
    }),
  (world, random) =>
    call(world, "ec2", {
      operation: oneOf(random, ["StopInstances", "StartInstances"]),
      input: { InstanceIds: [world.fleet.instances[2]?.instanceId ?? ""] },
    }),
  ({ fleet, ...world }, random) =>
    call({ fleet, ...world }, "autoscaling", {
      operation: "SetDesiredCapacity",
      input: { AutoScalingGroupName: fleet.group.asgName, DesiredCapacity: random.integer(2, 6) },
    }),
  ({ fleet }, random) => {
    const { kubernetes } = fleet.cluster;
    const node = oneOf(random, kubernetes.control.list("nodes"));
    return kubernetes.answer({
      method: "PATCH",
      path: `/api/v1/nodes/${node.metadata.name}`,
      query: new URLSearchParams(),
      headers: {
        authorization: `Bearer ${localAdminToken}`,
        "content-type": "application/merge-patch+json",
      },
      body: { spec: { unschedulable: random.next() < 0.5 } },
    });
  },
  (world, random) =>
    api(world, "POST", {
      path: `/lab/instances/${oneOf(random, [world.fleet.group.member.instanceId, instanceIdOf(world, random)])}/evaluate`,
    }),
];

/** @throws Error where the API does not take it */
const agreed = async (answer: Promise<Response>): Promise<void> => {
  const { ok, status, url } = await answer;
  if (!ok) throw new Error(`${url} answers ${String(status)}.`);
};

/** What a newcomer of the README does first. */
const settleIn: Act = async (world) => {
  const { fleet } = world;
  const account = { account_id: labAccountId, name: "Lab", environment: "LAB", regions: [region] };
  await agreed(api(world, "POST", { path: "/accounts", body: account }));
  await agreed(api(world, "POST", { path: `/accounts/${labAccountId}/verify` }));
  const [first, second] = fleet.instances;
  const targets = [
    { one: first, rest: { pipeline_mode: "LINEAR" } },
    { one: second, rest: { pipeline_mode: "LINEAR" } },
    {
      one: fleet.group.member,
      rest: { pipeline_mode: "CLUSTER", metadata: { asg_name: fleet.group.asgName } },
    },
  ];
  for (const { one, rest } of targets) {
    await agreed(
      api(world, "POST", {
        path: "/lab/instances",
        body: {
          account_id: labAccountId,
          instance_id: one?.instanceId,
          instance_type: one?.instanceType,
          availability_zone: one?.zoneName,
          is_shadow_mode: false,
          ...(rest.pipeline_mode === "LINEAR" && {
            policy_overrides: { accept_change_of: ["primary-private-ip"] },
          }),
          ...rest,
        },
      }),
    );
  }
};

/** Some acts, each after a while of simulated time. */
export const liveThrough = async (
  world: LiveWorld,
  { random, isNew }: { readonly random: Random; readonly isNew: boolean },
): Promise<void> => {
  const { clock } = world;
  if (isNew) await clock.enter(() => settleIn(world, random).then(() => undefined));
  for (let left = random.integer(0, 4); left > 0; left -= 1) {
    await clock.wait(random.integer(0, 90_000));
    await clock.enter(() => unlessRefused(oneOf(random, acts)(world, random)));
  }
  await clock.wait(random.integer(0, 120_000));
};
