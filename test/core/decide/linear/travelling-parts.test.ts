import { describe, expect, it } from "@jest/globals";
import {
  needsSubnetOfOriginal,
  primaryAddress,
  travellingInterfaces,
  travellingPrivateIps,
  travellingVolumes,
} from "../../../../core/decide/linear/travelling-parts.ts";
import { plainInstance } from "./eligible-facts.ts";
import { fullInstance } from "./full-instance.ts";

describe("the parts that travel", () => {
  it("are none of a plain instance, which may go to any subnet", () => {
    expect(travellingVolumes(plainInstance, { consistency: "stop-and-image" })).toEqual([]);
    expect(travellingInterfaces(plainInstance)).toEqual([]);
    expect(travellingPrivateIps(plainInstance)).toEqual([]);
    expect(needsSubnetOfOriginal(plainInstance)).toBe(false);
  });

  it("are data volumes, secondary interfaces and secondary addresses, which need their subnet", () => {
    const volumes = travellingVolumes(fullInstance, { consistency: "move-volumes" });
    expect(volumes.map((volume) => volume.volumeId)).toEqual(["vol-data"]);
    expect(travellingInterfaces(fullInstance)).toHaveLength(1);
    expect(travellingPrivateIps(fullInstance)).toEqual(["10.0.0.11", "10.0.0.12"]);
    expect(needsSubnetOfOriginal(fullInstance)).toBe(true);
  });

  it("never include the primary address or, if stateless, a volume", () => {
    expect(travellingVolumes(fullInstance, { consistency: "stateless" })).toEqual([]);
    expect(primaryAddress(fullInstance)?.privateIp).toBe("10.0.0.10");
    expect(travellingPrivateIps(fullInstance)).not.toContain("10.0.0.10");
  });
});
