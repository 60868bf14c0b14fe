import { describe, expect, it } from "@jest/globals";
import { launchRefusalOf } from "../../../adapters/aws/error-codes.ts";
import { launchRefusals } from "../../../core/model/swap.ts";
import { readSource, sourcesBelow, textsOf } from "../../architecture/sources.ts";

const codes: readonly (readonly [string, ReturnType<typeof launchRefusalOf>])[] = [
  ["InsufficientInstanceCapacity", "NO_CAPACITY"],
  ["Server.InsufficientInstanceCapacity", "NO_CAPACITY"],
  ["InsufficientHostCapacity", "NO_CAPACITY"],
  ["InsufficientCapacityOnOutpost", "NO_CAPACITY"],
  ["UnfulfillableCapacity", "NO_CAPACITY"],
  ["ReservationCapacityExceeded", "NO_CAPACITY"],
  ["IdempotentInstanceTerminated", "ENDED"],
  ["Unsupported", "UNSUITABLE"],
  ["UnsupportedOperation", "UNSUITABLE"],
  ["InvalidPlacementGroup.Unknown", "UNSUITABLE"],
  ["InvalidParameterCombination", undefined],
  ["InvalidFleetConfiguration", "UNSUITABLE"],
  ["SpotMaxPriceTooLow", "UNSUITABLE"],
  ["MaxSpotInstanceCountExceeded", "QUOTA"],
  ["VcpuLimitExceeded", "QUOTA"],
  ["Client.InstanceLimitExceeded", "QUOTA"],
  ["InsufficientFreeAddressesInSubnet", "NO_ADDRESSES"],
  ["RequestLimitExceeded", undefined],
  ["VolumeLimitExceeded", undefined],
  ["InternalError", undefined],
];

describe("the kind of a refused launch", () => {
  it.each(codes)("of %s is %s", (code, kind) => {
    expect(launchRefusalOf(code, "words")).toBe(kind);
  });

  it("may be each that the core knows", () => {
    expect(new Set(codes.flatMap(([, kind]) => kind ?? []))).toEqual(new Set(launchRefusals));
  });

  it.each(["core", "lambdas"])("is not told from a code of AWS in %s", (folder) => {
    // With `Server.` before it, it is a StateReason: a fact of an instance that is there.
    const known = new Set(
      codes.flatMap(([code, kind]) =>
        kind === undefined || code.startsWith("Server.") ? [] : [code],
      ),
    );
    const named = sourcesBelow(folder).flatMap((path) => {
      const source = readSource(path);
      const spelt = textsOf(source).filter((text) => known.has(text));
      return source.includes("aws/error-codes.ts") || spelt.length > 0 ? [path] : [];
    });
    expect(named).toEqual([]);
  });
});
