import { describe, expect, it } from "@jest/globals";
import {
  membersIn,
  oneWanted,
  wantedToJoin,
  wantedToStay,
  type FleetFacts,
} from "../../../core/model/fleet.ts";

const fleet: FleetFacts = {
  instances: 6,
  pools: [
    {
      zoneId: "use1-az1",
      instanceType: "m5.large",
      launchedAt: ["2025-03-01T10:00:00Z", "2025-03-01T12:00:00Z", "2025-03-01T11:00:00Z"],
    },
    { zoneId: "use1-az2", instanceType: "m5.large", launchedAt: ["2025-03-01T09:00:00Z"] },
  ],
};
const pool = { zoneId: "use1-az1", instanceType: "m5.large" };
const empty = { zoneId: "use1-az1", instanceType: "c5.large" };

describe("what is wanted of a pool", () => {
  it("is one more than stand there, and than are about to", () => {
    expect(membersIn(fleet, pool)).toBe(3);
    expect(wantedToJoin(fleet, pool)).toEqual({ instances: 4 });
    expect(wantedToJoin(fleet, pool, 2)).toEqual({ instances: 6 });
    expect(wantedToJoin(fleet, empty)).toEqual({ instances: 1 });
  });

  it("is one of any pool where there is no fleet", () => {
    expect(wantedToJoin(undefined, pool, 2)).toEqual(oneWanted);
  });

  it("is all that stand there where they are to stay, held since the youngest came", () => {
    expect(wantedToStay(fleet, pool)).toEqual({ instances: 3, heldSince: "2025-03-01T12:00:00Z" });
    expect(wantedToStay(fleet, empty)).toEqual(oneWanted);
  });
});
