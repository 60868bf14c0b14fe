import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";

const folder = join(import.meta.dirname, "../../../lambdas/api");

describe("the schemas of the API", () => {
  it("can be described in its document, whichever module is loaded first", () => {
    const code = `
      const { evaluateSchema } = await import(${JSON.stringify(join(folder, "schemas/targets.ts"))});
      const { emptyBodySchema } = await import(${JSON.stringify(join(folder, "request-body.ts"))});
      const { OpenAPIHono } = await import("@hono/zod-openapi");
      const { openAPIRegistry } = new OpenAPIHono();
      openAPIRegistry.register("EvaluateTarget", evaluateSchema);
      openAPIRegistry.register("EmptyBody", emptyBodySchema);
      console.log(openAPIRegistry.definitions.length);`;
    const said = execFileSync(process.execPath, ["--input-type=module", "--eval", code], {
      encoding: "utf8",
    });
    expect(said).toBe("2\n");
  }, 60_000);
});
