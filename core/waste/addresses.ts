/**
 * Which Elastic IP addresses nothing has, and which are held by what is not at work. The first may be released, which can't be
 * undone for certain; the second are told alone, and are of the first kind once they are disassociated.
 */
import { hoursPerMonth } from "../hours.ts";
import type { AddressTransfer, OwnAddress, OwnInterface } from "../model/waste/address.ts";
import { reasonsOf, unlessKept, used, type Charge, type Judgement } from "./judgement.ts";
import { keptByTags } from "./owners.ts";

export interface AddressSurroundings {
  readonly accountId: string;
  readonly transfers: readonly AddressTransfer[];
  readonly reverseNames: ReadonlyMap<string, string>;
  readonly interfaces: readonly OwnInterface[];
  readonly stoppedInstanceIds: ReadonlySet<string>;
  /** What open evaluations and our due intents name. */
  readonly claimedIds: ReadonlySet<string>;
}

/** What EC2 calls the pool that is not a customer's own. */
const amazonsPool = "amazon";

const isClaimed = (address: OwnAddress, { claimedIds }: AddressSurroundings): boolean =>
  [address.allocationId, address.networkInterfaceId, address.instanceId].some(
    (id) => id !== undefined && claimedIds.has(id),
  );

const keptAddress = (address: OwnAddress, around: AddressSurroundings) => {
  const { allocationId, serviceManaged, publicIpv4Pool = amazonsPool } = address;
  const name = around.reverseNames.get(allocationId);
  const transfer = around.transfers.find(
    (one) => one.allocationId === allocationId && one.status === "pending",
  );
  return [
    ...reasonsOf([
      [serviceManaged !== undefined, "SERVICE", `The service ${serviceManaged ?? ""} manages it.`],
      [
        publicIpv4Pool !== amazonsPool,
        "BROUGHT_POOL",
        `It is of the pool ${publicIpv4Pool}, which the customer has brought: it costs nothing.`,
      ],
      [address.customerOwnedIp !== undefined, "OUTPOST", "It is of an Outpost's own pool."],
      [address.carrierIp !== undefined, "CARRIER", "It is of a carrier's network."],
      [transfer !== undefined, "TRANSFER", "It is being given to another account."],
      [
        name !== undefined,
        "REVERSE_NAME",
        `Reverse DNS names it ${name ?? ""}: it is a mail host's, or is to be one's.`,
      ],
      [isClaimed(address, around), "EVALUATION", "An evaluation, or a cool-off, has it."],
    ]),
    ...keptByTags(address.tags),
  ];
};

const hourly: Charge = { times: hoursPerMonth, price: ({ idleAddress }) => idleAddress };

export const judgeUnassociated = (address: OwnAddress, around: AddressSurroundings): Judgement =>
  address.associationId !== undefined
    ? used("It is associated.")
    : unlessKept(keptAddress(address, around), () => ({
        why: `Nothing has the address ${address.publicIp}, and it is charged by the hour.`,
        effect: `Releases ${address.publicIp} (${address.allocationId}). This is irreversible: allow-lists of partners, DNS and SPF records that name it stay behind.`,
        undo: `None for certain. You might be able to recover it: aws ec2 allocate-address --address ${address.publicIp}. Once another account has it, AWS answers AuthFailure.`,
        unchecked: [
          "allow-lists of others, DNS zones outside this account and SPF records that name it",
        ],
        charges: [hourly],
        label: address.publicIp,
      }));

const idleHolder = (
  address: OwnAddress,
  { interfaces, stoppedInstanceIds }: AddressSurroundings,
): string | undefined => {
  const { instanceId, networkInterfaceId } = address;
  if (instanceId !== undefined) {
    return stoppedInstanceIds.has(instanceId)
      ? `instance ${instanceId}, which is stopped`
      : undefined;
  }
  const holder = interfaces.find((one) => one.networkInterfaceId === networkInterfaceId);
  return holder?.status === "available"
    ? `interface ${holder.networkInterfaceId}, which nothing uses`
    : undefined;
};

/** The interface of a service, or of another account, is not for us to judge. */
const keptHolder = (address: OwnAddress, { accountId, interfaces }: AddressSurroundings) => {
  const { networkInterfaceId, networkInterfaceOwnerId = accountId } = address;
  const holder = interfaces.find((one) => one.networkInterfaceId === networkInterfaceId);
  const isService =
    holder !== undefined &&
    (holder.isRequesterManaged || holder.isOperatorManaged || holder.interfaceType !== "interface");
  return [
    ...reasonsOf([
      [networkInterfaceOwnerId !== accountId, "SERVICE", "Its interface is another account's."],
      [isService, "SERVICE", `Its interface is a service's (${holder?.interfaceType ?? ""}).`],
    ]),
    ...keptByTags(holder?.tags ?? {}),
  ];
};

export const judgeIdleAddress = (address: OwnAddress, around: AddressSurroundings): Judgement => {
  if (address.associationId === undefined) return used("Nothing has it: it is judged as such.");
  const holder = idleHolder(address, around);
  if (holder === undefined) return used("What has it is at work.");
  return unlessKept([...keptAddress(address, around), ...keptHolder(address, around)], () => ({
    why: `The address ${address.publicIp} is held by ${holder}, and is charged by the hour.`,
    effect: "It is told alone, and never released from here.",
    undo: "Nothing is done. Once it is disassociated it is judged as an address that nothing has.",
    unchecked: [],
    charges: [hourly],
    label: address.publicIp,
    // One chain counts once: the finding of a stopped instance has its addresses in it.
    ...(address.instanceId !== undefined && { countedWith: address.instanceId }),
  }));
};
