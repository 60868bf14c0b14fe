import { describe, expect, it } from "@jest/globals";
import type { NetworkInterfaceFacts } from "../../../../core/model/instance.ts";
import type { ChangeOf } from "../../../../core/model/intent.ts";
import { isAttached, isHeld } from "../../../../lambdas/linear/identity/there.ts";
import { primaryEni } from "../../../core/decide/linear/eligible-facts.ts";

const between = { fromInstanceId: "i-from", toInstanceId: "i-to", deleteOnTermination: false };
const volume: ChangeOf<"MOVE_VOLUME"> = {
  kind: "MOVE_VOLUME",
  volumeId: "vol-1",
  deviceName: "/dev/sdf",
  ...between,
};
const networkInterface: ChangeOf<"MOVE_INTERFACE"> = {
  kind: "MOVE_INTERFACE",
  networkInterfaceId: "eni-1",
  deviceIndex: 1,
  ...between,
};
const address: ChangeOf<"MOVE_ADDRESS"> = {
  kind: "MOVE_ADDRESS",
  allocationId: "eipalloc-1",
  fromInterfaceId: "eni-from",
  fromPrivateIp: "10.0.0.4",
  toInterfaceId: "eni-to",
  toPrivateIp: "10.0.0.5",
};

const holding = (
  allocationId: string | undefined,
  privateIp = "10.0.0.5",
): NetworkInterfaceFacts => ({
  ...primaryEni,
  networkInterfaceId: "eni-to",
  privateAddresses: [
    { privateIp, primary: true, ...(allocationId === undefined ? {} : { allocationId }) },
  ],
});

describe("what a reading of the replacement shows", () => {
  it("are volumes and interfaces that it holds", () => {
    const isThere = isAttached(new Set(["vol-1", "eni-1"]));
    expect(isThere(volume)).toBe(true);
    expect(isThere(networkInterface)).toBe(true);
    expect(isThere({ ...volume, volumeId: "vol-2" })).toBe(false);
    expect(isThere(address)).toBe(false);
  });

  it.each([
    { what: "at its private address", at: holding("eipalloc-1"), isThere: true },
    { what: "at another private address", at: holding("eipalloc-1", "10.0.0.6"), isThere: false },
    { what: "not, but another one", at: holding("eipalloc-2"), isThere: false },
    { what: "not", at: holding(undefined), isThere: false },
    {
      what: "at another interface",
      at: { ...holding("eipalloc-1"), networkInterfaceId: "eni-from" },
      isThere: false,
    },
  ])("with its interfaces, is an Elastic IP $what: $isThere", ({ at, isThere }) => {
    expect(isHeld(new Set(), [at])(address)).toBe(isThere);
  });

  it("with its interfaces, are its volumes too", () => {
    expect(isHeld(new Set(["vol-1"]), [])(volume)).toBe(true);
    expect(isHeld(new Set(), [])(networkInterface)).toBe(false);
  });
});
