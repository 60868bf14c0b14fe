import { describe, expect, it } from "@jest/globals";
import type { Instance } from "@aws-sdk/client-ec2";
import { stopOf } from "../../../../adapters/aws/ec2/describe.ts";

const code = "Client.UserInitiatedShutdown";
const stopped: Instance = {
  State: { Name: "stopped" },
  StateReason: { Code: code, Message: `${code}: User initiated shutdown` },
};

describe("why an instance is stopped", () => {
  it.each<[string, Instance, ReturnType<typeof stopOf>]>([
    [
      "with the time that EC2 writes into its reason",
      { ...stopped, StateTransitionReason: "User initiated (2026-03-02 09:00:07 GMT)" },
      { code, at: "2026-03-02T09:00:07.000Z" },
    ],
    [
      "also while it is stopping, in another wording",
      {
        ...stopped,
        State: { Name: "stopping" },
        StateTransitionReason: "User initiated shutdown (2026-03-02 09:00:07 GMT)",
      },
      { code, at: "2026-03-02T09:00:07.000Z" },
    ],
    [
      "without a time where EC2 gives none",
      { ...stopped, StateTransitionReason: "Server.ScheduledStop" },
      { code },
    ],
    ["without a reason", { State: { Name: "stopped" }, StateTransitionReason: "" }, {}],
    ["is nothing for one that runs", { ...stopped, State: { Name: "running" } }, undefined],
  ])("is read %s", (_, instance, expected) => {
    expect(stopOf(instance)).toEqual(expected);
  });
});
