/** DescribeInstanceStatus: the system check, the instance check and the check of attached EBS volumes. */
import type {
  DescribeInstanceStatusCommandInput,
  DescribeInstanceStatusResult,
  InstanceStatus,
  SummaryStatus,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import { selectVisible, type Ec2Context } from "./context.ts";
import { applyFilters } from "./filters.ts";
import { stateCodes } from "./instance-view.ts";
import { paginate } from "./paging.ts";
import { kinds } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import type { Instance, RegionState } from "./state.ts";

type Check = "system" | "instance" | "attachedEbs";

const isFailed = ({ defects }: Ec2Context, instance: Instance, check: Check): boolean => {
  for (const fault of defects.failedChecks) {
    if (fault.check === check && fault.matches(instance)) return true;
  }
  return false;
};

/** `not-applicable` unless running; then `initializing` until the checks have run; then what faults say. */
const checkOf = (context: Ec2Context, instance: Instance, check: Check): SummaryStatus => {
  if (instance.state !== "running" || instance.checksFrom === undefined) return "not-applicable";
  // Only Nitro reports on attached EBS volumes.
  const isNitro = context.market.findType(instance.instanceType)?.hypervisor === "nitro";
  if (check === "attachedEbs" && !isNitro) return "not-applicable";
  const passFrom = instance.answersFrom ?? instance.checksFrom + context.settings.checksMs;
  if (context.clock.now() < passFrom) return "initializing";
  return isFailed(context, instance, check) ? "impaired" : "ok";
};

const checks = ["system", "instance", "attachedEbs"] as const satisfies readonly Check[];
const sound: ReadonlySet<SummaryStatus> = new Set<SummaryStatus>(["ok", "not-applicable"]);

const detailOf = (status: SummaryStatus): "passed" | "failed" | "initializing" | undefined =>
  status === "ok"
    ? "passed"
    : status === "impaired"
      ? "failed"
      : status === "initializing"
        ? "initializing"
        : undefined;

const viewCheck = (status: SummaryStatus) => {
  const detail = detailOf(status);
  return {
    Status: status,
    ...(detail === undefined
      ? {}
      : { Details: [{ Name: "reachability" as const, Status: detail }] }),
  };
};

const view = (context: Ec2Context, instance: Instance): InstanceStatus => ({
  InstanceId: instance.id,
  AvailabilityZone: instance.zone.name,
  AvailabilityZoneId: instance.zone.id,
  InstanceState: { Name: instance.state, Code: stateCodes[instance.state] },
  SystemStatus: viewCheck(checkOf(context, instance, "system")),
  InstanceStatus: viewCheck(checkOf(context, instance, "instance")),
  AttachedEbsStatus: viewCheck(checkOf(context, instance, "attachedEbs")),
  Events: [...instance.events],
  Operator: { Managed: instance.operatorManaged },
});

export const isImpaired = (context: Ec2Context, instance: Instance): boolean =>
  checks.some((check) => checkOf(context, instance, check) === "impaired");

/** It runs, and each check that applies to it has passed. */
const isProved = (context: Ec2Context, instance: Instance): boolean =>
  instance.state === "running" &&
  checks.every((check) => sound.has(checkOf(context, instance, check)));

/** Ids of those that run and have passed all of their checks, whatever EC2's copies show. */
export const provedIn = (context: Ec2Context, region: RegionState): readonly string[] =>
  [...region.instances.values()]
    .filter((instance) => isProved(context, instance))
    .map(({ id }) => id);

/** Of all that run, whatever EC2's copies show: for whoever watches the simulated cloud. */
export const statusesOf = (context: Ec2Context, region: RegionState): readonly InstanceStatus[] =>
  [...region.instances.values()]
    .filter(({ state }) => state === "running")
    .map((instance) => view(context, instance));

export const statusOperations = (context: Ec2Context) => ({
  DescribeInstanceStatus: (
    call: Call,
    input: DescribeInstanceStatusCommandInput,
  ): DescribeInstanceStatusResult => {
    const region = regionOf(context, call);
    const instances = applyFilters(
      selectVisible(context, region.instances, {
        kind: kinds.instance,
        ids: input.InstanceIds,
        filters: input.Filters,
      }).filter((instance) => input.IncludeAllInstances === true || instance.state === "running"),
      input.Filters,
      {
        "availability-zone": (instance) => instance.zone.name,
        "instance-state-name": (instance) => instance.state,
        "instance-state-code": (instance) => stateCodes[instance.state],
        "system-status.status": (instance) => checkOf(context, instance, "system"),
        "instance-status.status": (instance) => checkOf(context, instance, "instance"),
        "attached-ebs-status.status": (instance) => checkOf(context, instance, "attachedEbs"),
        "event.code": (instance) => instance.events.map((event) => event.Code),
      },
    );
    const { items, ...next } = paginate(instances, input, {
      min: 5,
      max: 1000,
      pageSize: context.settings.pageSize,
      ids: input.InstanceIds,
      idsParameter: "instancesSet",
    });
    return { InstanceStatuses: items.map((instance) => view(context, instance)), ...next };
  },
});
