/** What a node's kubelet reads of the instance that it runs on: its type, address, user data and tags. */
import type { InstanceState } from "../../../core/model/instance.ts";
import type { Ec2Context } from "./context.ts";
import { privateDnsOf } from "./instance-view.ts";
import { interfacesOf } from "./interface-records.ts";

export interface Ec2Machine {
  readonly state: InstanceState;
  /** When its software answers, milliseconds since the epoch; undefined where nobody draws it. */
  readonly answersFromMs: number | undefined;
  readonly zoneName: string;
  readonly instanceType: string;
  readonly isSpot: boolean;
  readonly isArm: boolean;
  readonly vcpu: number;
  readonly memoryMib: number;
  readonly interfaces: number;
  readonly addressesPerInterface: number;
  /** EBS volumes at most, the root included. */
  readonly volumeLimit: number;
  readonly privateIp: string;
  readonly privateDnsName: string;
  /** Plain text. */
  readonly userData: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Undefined where the account's region has no such instance, or no longer has its address. */
export const machineAt = (
  context: Ec2Context,
  place: { readonly accountId: string; readonly region: string },
  instanceId: string,
): Ec2Machine | undefined => {
  const region = context.accounts.get(place.accountId)?.regions.get(place.region);
  const instance = region?.instances.get(instanceId);
  if (region === undefined || instance === undefined) return undefined;
  const type = context.market.findType(instance.instanceType);
  const address = interfacesOf(region, instance)[0]?.addresses.find(({ primary }) => primary);
  if (type === undefined || address === undefined) return undefined;
  return {
    state: instance.state,
    answersFromMs: instance.answersFrom,
    zoneName: instance.zone.name,
    instanceType: instance.instanceType,
    isSpot: instance.lifecycle === "spot",
    isArm: type.architectures.includes("arm64"),
    vcpu: type.vcpu,
    memoryMib: type.memoryMib,
    interfaces: type.maxInterfaces,
    addressesPerInterface: type.ipv4PerInterface,
    volumeLimit: type.volumeLimit.volumes,
    privateIp: address.ip,
    privateDnsName: privateDnsOf(region, address.ip),
    userData: Buffer.from(instance.userData ?? "", "base64").toString("utf8"),
    tags: instance.tags,
  };
};
