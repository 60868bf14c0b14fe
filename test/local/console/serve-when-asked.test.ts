import { describe, expect, it } from "@jest/globals";
import { serveWhenAsked } from "../../../local/console/serve-when-asked.ts";

const asked = (path: string): Request => new Request(`http://127.0.0.1:4400${path}`);

describe("the console page", () => {
  it("is built when it is first asked for, once, and for nothing of the API's", async () => {
    let built = 0;
    const serve = serveWhenAsked(() => {
      built += 1;
      return Promise.resolve(({ url }) => new Response(new URL(url).pathname));
    });
    expect(await serve(asked("/api/v1/health"))).toBeUndefined();
    expect(await serve(asked("/api"))).toBeUndefined();
    expect(built).toBe(0);
    const answers = await Promise.all([serve(asked("/")), serve(asked("/apis/1"))]);
    expect(await Promise.all(answers.map(async (answer) => answer?.text()))).toEqual([
      "/",
      "/apis/1",
    ]);
    expect(built).toBe(1);
  });

  it("says why it could not be built", async () => {
    const serve = serveWhenAsked(() => Promise.reject(new Error("a bracket is missing")));
    await expect(serve(asked("/"))).rejects.toThrow("a bracket is missing");
  });
});
