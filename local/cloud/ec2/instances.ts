/** Reads of instances, and the orders that change their state: start, stop, terminate, reboot. */
import type {
  DescribeInstancesCommandInput,
  DescribeInstancesResult,
  InstanceStateChange,
  RebootInstancesCommandInput,
  StartInstancesCommandInput,
  StartInstancesResult,
  StopInstancesCommandInput,
  StopInstancesResult,
  TerminateInstancesCommandInput,
  TerminateInstancesResult,
} from "@aws-sdk/client-ec2";
import type { InstanceState } from "../../../core/model/instance.ts";
import type { Call } from "../contract.ts";
import { findAll, selectVisible, type Ec2Context } from "./context.ts";
import { applyFilters, tagFields, type Fields } from "./filters.ts";
import { boot, byUser, hasRoot, reboot, stop, terminate, volumesOf } from "./instance-lifecycle.ts";
import { stateCodes, viewInstance } from "./instance-view.ts";
import { interfacesOf } from "./interface-records.ts";
import { paginate } from "./paging.ts";
import { poolOf, requireCapacity, requireQuota } from "./pools.ts";
import { kinds, refuse } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import { seatOfStart } from "./reservation-seats.ts";
import { fulfil, isStoppedByEc2, requestOf, setStatus } from "./spot-requests.ts";
import type { Instance, RegionState } from "./state.ts";

const instanceFields = (region: RegionState): Fields<Instance> => ({
  ...tagFields<Instance>(),
  "instance-id": (instance) => instance.id,
  "instance-type": (instance) => instance.instanceType,
  "instance-state-name": (instance) => instance.state,
  "instance-state-code": (instance) => stateCodes[instance.state],
  "instance-lifecycle": (instance) => instance.lifecycle,
  "client-token": (instance) => instance.clientToken,
  "availability-zone": (instance) => instance.zone.name,
  "availability-zone-id": (instance) => instance.zone.id,
  "subnet-id": (instance) => instance.subnetId,
  "vpc-id": () => region.vpcId,
  "owner-id": () => region.accountId,
  "image-id": (instance) => instance.imageId,
  "key-name": (instance) => instance.keyName,
  "reservation-id": (instance) => instance.reservationId,
  "spot-instance-request-id": (instance) => instance.spotRequestId,
  architecture: (instance) => instance.architecture,
  "platform-details": (instance) => instance.platformDetails,
  tenancy: (instance) => instance.tenancy,
  "root-device-type": (instance) => instance.rootDeviceType,
  "root-device-name": (instance) => instance.rootDeviceName,
  "instance.group-id": (instance) =>
    interfacesOf(region, instance).flatMap((record) => record.groups),
  "iam-instance-profile.arn": (instance) => instance.profileArn,
  "block-device-mapping.volume-id": (instance) =>
    volumesOf(region, instance).map((volume) => volume.id),
  "network-interface.network-interface-id": (instance) =>
    interfacesOf(region, instance).map((record) => record.id),
  "private-ip-address": (instance) =>
    interfacesOf(region, instance).flatMap((record) =>
      record.addresses.map((address) => address.ip),
    ),
  "ip-address": (instance) => interfacesOf(region, instance).map((record) => record.autoPublicIp),
});

const incorrectState = (instance: Instance, verb: string) =>
  refuse(
    "IncorrectInstanceState",
    `The instance '${instance.id}' is not in a state from which it can be ${verb}.`,
  );

const change = (instance: Instance, before: InstanceState): InstanceStateChange => ({
  InstanceId: instance.id,
  PreviousState: { Name: before, Code: stateCodes[before] },
  CurrentState: { Name: instance.state, Code: stateCodes[instance.state] },
});

const checkStart = (context: Ec2Context, region: RegionState, instance: Instance): void => {
  if (instance.state === "running" || instance.state === "pending") return;
  if (instance.state !== "stopped") throw incorrectState(instance, "started");
  const request = requestOf(region, instance);
  if (request !== undefined && isStoppedByEc2(request)) {
    throw refuse(
      "IncorrectSpotRequestState",
      `The Spot Instance '${instance.id}' was stopped by Amazon EC2; only EC2 can restart it.`,
    );
  }
  if (!hasRoot(region, instance)) {
    throw refuse(
      "IncorrectInstanceState",
      `Instance '${instance.id}' does not have a volume attached at root (${instance.rootDeviceName})`,
    );
  }
  // The capacity and the quota of a reservation are the starter's already.
  if (seatOfStart(context, region, instance) !== undefined) return;
  const purchase = instance.lifecycle === "spot" ? "spot" : "on-demand";
  requireQuota(context, region, { purchase, instanceType: instance.instanceType, count: 1 });
  const pool = poolOf(region, instance);
  requireCapacity(context, purchase, { pool, zone: instance.zone, count: 1 });
};

/** Of a persistent request alone, and while it is not cancelled: "You can no longer stop it" then, † in these words. */
const checkSpotStop = (region: RegionState, instance: Instance): void => {
  if (instance.lifecycle !== "spot") return;
  const request = requestOf(region, instance);
  if (request?.type === "persistent" && request.state !== "cancelled") return;
  throw refuse(
    "UnsupportedOperation",
    request?.type === "persistent"
      ? `You can't stop the Spot Instance '${instance.id}' because its Spot Instance request is cancelled.`
      : `You can't stop the Spot Instance '${instance.id}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`,
  );
};

const checkStop = (region: RegionState, instance: Instance): void => {
  if (instance.state === "terminated" || instance.state === "shutting-down") {
    throw incorrectState(instance, "stopped");
  }
  if (instance.state === "pending") throw incorrectState(instance, "stopped");
  checkSpotStop(region, instance);
  if (instance.rootDeviceType === "instance-store") {
    throw refuse(
      "UnsupportedOperation",
      `The instance '${instance.id}' does not have an 'ebs' root device type and cannot be stopped.`,
    );
  }
  if (instance.disableApiStop && instance.state === "running") {
    throw refuse(
      "OperationNotPermitted",
      `The instance '${instance.id}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
    );
  }
};

const checkTerminate = (instance: Instance): void => {
  if (instance.state === "terminated" || !instance.disableApiTermination) return;
  throw refuse(
    "OperationNotPermitted",
    `The instance '${instance.id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
  );
};

const named = (context: Ec2Context, region: RegionState, ids: readonly string[] | undefined) =>
  findAll(context, region.instances, { kind: kinds.instance, ids: ids ?? [] });

/** All are checked before the first is touched. */
const order = (
  instances: readonly Instance[],
  act: {
    readonly check: (instance: Instance) => void;
    readonly apply: (instance: Instance) => void;
  },
): InstanceStateChange[] => {
  for (const instance of instances) act.check(instance);
  return instances.map((instance) => {
    const before = instance.state;
    act.apply(instance);
    return change(instance, before);
  });
};

const describeInstances =
  (context: Ec2Context) =>
  (call: Call, input: DescribeInstancesCommandInput): DescribeInstancesResult => {
    const region = regionOf(context, call);
    const instances = applyFilters(
      selectVisible(context, region.instances, {
        kind: kinds.instance,
        ids: input.InstanceIds,
        filters: input.Filters,
      }).filter(({ isHidden }) => !isHidden || input.IncludeManagedResources === true),
      input.Filters,
      instanceFields(region),
    );
    const { items, ...next } = paginate(instances, input, {
      min: 5,
      max: 1000,
      pageSize: context.settings.pageSize,
      ids: input.InstanceIds,
      idsParameter: "instancesSet",
    });
    const reservations = new Map<string, Instance[]>();
    for (const instance of items) {
      const others = reservations.get(instance.reservationId) ?? [];
      reservations.set(instance.reservationId, [...others, instance]);
    }
    return {
      Reservations: [...reservations].map(([ReservationId, members]) => ({
        ReservationId,
        OwnerId: region.accountId,
        Groups: [],
        Instances: members.map((instance) => viewInstance(context, region, instance)),
      })),
      ...next,
    };
  };

const startInstances =
  (context: Ec2Context) =>
  (call: Call, input: StartInstancesCommandInput): StartInstancesResult => {
    const region = regionOf(context, call);
    return {
      StartingInstances: order(named(context, region, input.InstanceIds), {
        check: (instance) => {
          checkStart(context, region, instance);
        },
        apply: (instance) => {
          if (instance.state !== "stopped") return;
          instance.capacityReservationId = seatOfStart(context, region, instance)?.id;
          boot(context, region, { instance, atMs: context.clock.now(), isStart: true });
          const request = requestOf(region, instance);
          if (request !== undefined) fulfil(request, context.clock.now());
        },
      }),
    };
  };

const stopInstances =
  (context: Ec2Context) =>
  (call: Call, input: StopInstancesCommandInput): StopInstancesResult => {
    const region = regionOf(context, call);
    return {
      StoppingInstances: order(named(context, region, input.InstanceIds), {
        check: (instance) => {
          checkStop(region, instance);
        },
        apply: (instance) => {
          if (instance.state !== "running") return;
          const atMs = context.clock.now();
          stop(context, region, { instance, atMs, cause: byUser(atMs) });
          const request = requestOf(region, instance);
          if (request === undefined) return;
          setStatus(request, "marked-for-stop", atMs);
        },
      }),
    };
  };

const terminateInstances =
  (context: Ec2Context) =>
  (call: Call, input: TerminateInstancesCommandInput): TerminateInstancesResult => {
    const region = regionOf(context, call);
    return {
      TerminatingInstances: order(named(context, region, input.InstanceIds), {
        check: checkTerminate,
        apply: (instance) => {
          const atMs = context.clock.now();
          terminate(context, region, { instance, atMs, cause: byUser(atMs) });
        },
      }),
    };
  };

const rebootInstances =
  (context: Ec2Context) =>
  (call: Call, input: RebootInstancesCommandInput): Record<string, never> => {
    const region = regionOf(context, call);
    order(named(context, region, input.InstanceIds), {
      check: (instance) => {
        if (instance.state !== "running") throw incorrectState(instance, "rebooted");
      },
      apply: (instance) => {
        reboot(context, instance, context.clock.now());
      },
    });
    return {};
  };

export const instanceOperations = (context: Ec2Context) => ({
  DescribeInstances: describeInstances(context),
  StartInstances: startInstances(context),
  StopInstances: stopInstances(context),
  TerminateInstances: terminateInstances(context),
  RebootInstances: rebootInstances(context),
});
