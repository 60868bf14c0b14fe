import { describe, expect, it } from "@jest/globals";
import {
  caughtSchema,
  failureOf,
  rollbackFailureOf,
  withFirstFailure,
} from "../../../lambdas/evaluation/failure.ts";
import { evaluation } from "../../adapters/store/examples.ts";

const failure = (thrown: { readonly Error: string; readonly Cause?: string }) =>
  failureOf(caughtSchema.parse({ evaluationId: "evl-1", failure: thrown }));

describe("what a Catch left", () => {
  it.each([
    {
      what: "a failed Lambda",
      thrown: {
        Error: "StaleOriginal",
        Cause: JSON.stringify({
          errorType: "StaleOriginal",
          errorMessage: "It changed.",
          trace: [],
        }),
      },
      cause: "It changed.",
    },
    {
      what: "a time-out, in plain text",
      thrown: { Error: "States.Timeout", Cause: "Task timed out." },
      cause: "Task timed out.",
    },
    { what: "nothing", thrown: { Error: "States.Timeout" }, cause: "The step gave no cause." },
    {
      what: "an empty text",
      thrown: { Error: "Lambda.Unknown", Cause: "" },
      cause: "The step gave no cause.",
    },
    {
      what: "JSON of another shape",
      thrown: { Error: "Lambda.Unknown", Cause: '{"reason":"odd"}' },
      cause: '{"reason":"odd"}',
    },
    {
      what: "JSON that was cut off",
      thrown: { Error: "Lambda.Unknown", Cause: '{"errorMessage":"It ch' },
      cause: '{"errorMessage":"It ch',
    },
  ])("of $what is an error name and a sentence", ({ thrown, cause }) => {
    expect(failure(thrown)).toEqual({ error: thrown.Error, cause });
  });

  it("is nothing where nothing was caught", () => {
    expect(failureOf(caughtSchema.parse(undefined))).toBeUndefined();
    expect(failureOf(caughtSchema.parse({ evaluationId: "evl-1" }))).toBeUndefined();
  });

  it("tells what sent the workflow to its roll-back from what ended the roll-back", () => {
    const caught = caughtSchema.parse({
      failure: { Error: "StaleOriginal", Cause: "It changed." },
      rollbackFailure: { Error: "BrokenPermission", Cause: "Not allowed." },
    });
    expect(failureOf(caught)?.error).toBe("StaleOriginal");
    expect(rollbackFailureOf(caught)).toEqual({ error: "BrokenPermission", cause: "Not allowed." });
  });

  it("is noted once: the first failure stays the story", () => {
    const caught = caughtSchema.parse({
      failure: { Error: "StaleOriginal", Cause: "It changed." },
    });
    const first = { error: "BrokenDeadline", cause: "It never came." };
    expect(withFirstFailure(caught, evaluation(1)).failure).toEqual(failureOf(caught));
    const told = evaluation(1, { failure: first });
    expect(withFirstFailure(caught, told)).toBe(told);
    const untold = evaluation(1);
    expect(withFirstFailure(caughtSchema.parse({}), untold)).toBe(untold);
  });
});
