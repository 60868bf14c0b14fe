import { describe, expect, it } from "@jest/globals";
import { readSpotStatus } from "../../../core/model/spot-status.ts";

const announcedBy = (by: string) => ({ kind: "ANNOUNCED", by });

describe("the status code of a fulfilled Spot request", () => {
  it.each([
    ["fulfilled", { kind: "RESTFUL" }],
    ["request-canceled-and-instance-running", { kind: "RESTFUL" }],
    ["marked-for-termination", announcedBy("UNKNOWN")],
    // Its owner's stop, as well as EC2's.
    ["marked-for-stop", announcedBy("UNKNOWN")],
    ["marked-for-stop-by-experiment", announcedBy("EXPERIMENT")],
    ["instance-terminated-no-capacity", announcedBy("POOL")],
    ["instance-terminated-capacity-oversubscribed", announcedBy("POOL")],
    ["instance-stopped-no-capacity", announcedBy("POOL")],
    ["instance-terminated-by-price", announcedBy("PRICE")],
    ["instance-stopped-by-price", announcedBy("PRICE")],
    ["instance-terminated-by-user", announcedBy("USER")],
    ["spot-instance-terminated-by-user", announcedBy("USER")],
    ["instance-stopped-by-user", announcedBy("USER")],
    ["instance-terminated-by-service", announcedBy("SERVICE")],
    ["instance-terminated-by-schedule", announcedBy("SCHEDULE")],
    ["instance-terminated-by-experiment", announcedBy("EXPERIMENT")],
    ["instance-stopped-by-experiment", announcedBy("EXPERIMENT")],
    ["instance-terminated-launch-group-constraint", announcedBy("LAUNCH_GROUP")],
    ["instance-terminated-by-whim", announcedBy("UNKNOWN")],
    ["pending-evaluation", { kind: "UNCLEAR" }],
    ["capacity-not-available", { kind: "UNCLEAR" }],
    ["", { kind: "UNCLEAR" }],
  ])("%s", (code, standing) => {
    expect(readSpotStatus(code)).toEqual(standing);
  });
});
