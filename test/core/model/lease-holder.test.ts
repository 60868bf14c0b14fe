import { describe, expect, it } from "@jest/globals";
import {
  changeOf,
  deletionOf,
  evaluationHolding,
  holderNameFirst,
  janitorFor,
} from "../../../core/model/lease-holder.ts";
import { evaluationIdSchema } from "../../../core/model/ids.ts";

const evaluationId = evaluationIdSchema.parse("evl-0123456789");

describe("whoever holds a lease", () => {
  it.each([
    [evaluationId, "Evaluation evl-0123456789"],
    [janitorFor(evaluationId), "The janitor (for evl-0123456789)"],
    [changeOf("x"), "A change of its target"],
    [deletionOf("x"), "The deletion of its target"],
  ])("%s is named in a sentence: %s", (owner, first) => {
    expect(holderNameFirst(owner)).toBe(first);
  });

  it("is told by id only where it is an evaluation", () => {
    expect(evaluationHolding(evaluationId)).toBe(evaluationId);
    expect(evaluationHolding(janitorFor(evaluationId))).toBeUndefined();
  });
});
