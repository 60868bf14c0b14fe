import { describe, expect, it } from "@jest/globals";
import { hooksSchema } from "../../../core/policy/command.ts";
import { documentsOf } from "../../../core/policy/policy.ts";
import { proofSchema } from "../../../core/policy/proof.ts";

const hook = (kind: string, document = "quiesce-database") => ({ kind, document });

describe("the owner's documents", () => {
  it("have two minutes unless he says otherwise", () => {
    expect(hooksSchema().parse([hook("before_freeze")])).toEqual([
      { kind: "before_freeze", document: "quiesce-database", seconds: 120 },
    ]);
  });

  it.each([
    ["a hook that does not exist", [hook("before_launch")]],
    ["the same hook twice", [hook("after_switch"), hook("after_switch", "tell-others")]],
    ["a time that SSM does not take", [{ ...hook("after_switch"), seconds: 20 }]],
    // An ARN or a slash would name a document of somebody else.
    ["a document of another account", [hook("after_switch", "arn:aws:ssm:eu-west-1::document/x")]],
    ["parameters, which stand in the document", [{ ...hook("after_switch"), parameters: {} }]],
  ])("may not be %s", (_, hooks) => {
    expect(hooksSchema().safeParse(hooks).success).toBe(false);
  });

  it("are those of hooks and proofs, each once", () => {
    const hooks = hooksSchema().parse([hook("before_freeze"), hook("after_switch", "tell")]);
    const proof = ["tell", "prove"].map((document) =>
      proofSchema().parse({ kind: "ssm-document", document }),
    );
    expect(documentsOf({ hooks, proof })).toEqual(["quiesce-database", "tell", "prove"]);
  });
});
