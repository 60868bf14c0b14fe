import { describe, expect, it } from "@jest/globals";
import type { RecordedEvent } from "../../../local/interpreter/history.ts";
import { withoutData } from "../../../local/interpreter/history.ts";
import { createLab, execute, failing, machine, startMs, task } from "./lab.ts";

const chain = (events: readonly RecordedEvent[]): readonly (readonly [number, string, number])[] =>
  events.map((event) => [event.id, event.type, event.previousEventId] as const);

describe("the history", () => {
  it("has AWS's events for lambda:invoke, each naming the one before", async () => {
    const lab = createLab({
      f: () => {
        lab.clock.elapse(250);
        return { kind: "OK" };
      },
    });
    const definition = machine({ Ask: task("f", { Next: "Done" }), Done: { Type: "Succeed" } });
    const { events } = await execute(lab, definition, { id: 1 });
    const resource = { resourceType: "lambda", resource: "invoke" };
    const untruncated = { truncated: false };
    expect(events).toMatchObject([
      {
        id: 1,
        previousEventId: 0,
        type: "ExecutionStarted",
        timestamp: new Date(startMs),
        executionStartedEventDetails: {
          input: '{"id":1}',
          inputDetails: untruncated,
          roleArn: lab.interpreter.roleArn,
        },
      },
      {
        id: 2,
        previousEventId: 0,
        type: "TaskStateEntered",
        stateEnteredEventDetails: { name: "Ask", input: '{"id":1}', inputDetails: untruncated },
      },
      {
        id: 3,
        previousEventId: 2,
        type: "TaskScheduled",
        taskScheduledEventDetails: {
          ...resource,
          region: "eu-west-1",
          parameters: '{"FunctionName":"f","Payload":{"id":1}}',
          timeoutInSeconds: 60,
        },
      },
      { id: 4, previousEventId: 3, type: "TaskStarted", taskStartedEventDetails: resource },
      {
        id: 5,
        previousEventId: 4,
        type: "TaskSucceeded",
        timestamp: new Date(startMs + 250),
        taskSucceededEventDetails: {
          ...resource,
          output: expect.stringContaining('"Payload":{"kind":"OK"}'),
          outputDetails: untruncated,
        },
      },
      {
        id: 6,
        previousEventId: 5,
        type: "TaskStateExited",
        stateExitedEventDetails: {
          name: "Ask",
          output: '{"value":{"kind":"OK"}}',
          outputDetails: untruncated,
        },
      },
      { id: 7, previousEventId: 6, type: "SucceedStateEntered" },
      { id: 8, previousEventId: 7, type: "SucceedStateExited" },
      {
        id: 9,
        previousEventId: 8,
        type: "ExecutionSucceeded",
        executionSucceededEventDetails: { output: '{"value":{"kind":"OK"}}' },
      },
    ]);
  });

  it("shows a retry as scheduled again, without a new entry of the state", async () => {
    let attempt = 0;
    const lab = createLab({
      f: (payload) => {
        attempt += 1;
        return attempt === 1 ? failing("E")(payload) : null;
      },
    });
    const { events } = await execute(
      lab,
      machine({ Try: task("f", { Retry: [{ ErrorEquals: ["E"] }] }) }),
    );
    expect(chain(events)).toEqual([
      [1, "ExecutionStarted", 0],
      [2, "TaskStateEntered", 0],
      [3, "TaskScheduled", 2],
      [4, "TaskStarted", 3],
      [5, "TaskFailed", 4],
      [6, "TaskScheduled", 5],
      [7, "TaskStarted", 6],
      [8, "TaskSucceeded", 7],
      [9, "TaskStateExited", 8],
      [10, "ExecutionSucceeded", 9],
    ]);
  });

  it("shows what a Catch led to", async () => {
    const rules = { Catch: [{ ErrorEquals: ["E"], Next: "Failed" }], Next: "Failed" };
    const definition = machine({ Try: task("f", rules), Failed: { Type: "Fail", Error: "Done" } });
    const { events } = await execute(createLab({ f: failing("E") }), definition);
    expect(chain(events).slice(4)).toEqual([
      [5, "TaskFailed", 4],
      [6, "TaskStateExited", 5],
      [7, "FailStateEntered", 6],
      [8, "ExecutionFailed", 7],
    ]);
    expect(events.at(-1)?.executionFailedEventDetails).toEqual({ error: "Done" });
  });

  it("can be told without the data", async () => {
    const lab = createLab({ f: () => null });
    const { events } = await execute(lab, machine({ Ask: task("f") }), { secret: 1 });
    const bare = events.map(withoutData);
    expect(JSON.stringify(bare)).not.toMatch(/secret|"output"|"input"|parameters/u);
    expect(bare[2]?.taskScheduledEventDetails).toMatchObject({ resource: "invoke" });
    expect(bare[0]?.timestamp).toEqual(new Date(startMs));
  });
});
