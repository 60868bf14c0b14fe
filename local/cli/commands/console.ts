/** `spot console`: the console page in a browser, for an API that does not serve it itself. */
import type { AddCommands, Handler } from "../context.ts";
import { withExamples } from "../leaf.ts";
import { wholeNumber } from "../paging.ts";

interface ConsoleOptions {
  readonly write?: true;
  readonly port: number;
}

const idleMs = 30 * 60_000;
const lookMs = 1_000;

const serve: Handler<ConsoleOptions> = async (context, { options }) => {
  const { api, print, globals, transport, surroundings } = context;
  const mayWrite = options.write === true && globals.dryRun !== true;
  // What would not answer is told here, and not in a browser.
  const { data, error } = await api.GET("/api/v1/health");
  const health = data ?? error;
  // Loaded only where it is served: the page is bundled, which brings a compiler along.
  const [{ buildConsole }, { serveConsole }, { forwardTo }, { startConsole }] = await Promise.all([
    import("../../console/build.ts"),
    import("../../console/serve.ts"),
    import("../console/forward.ts"),
    import("../console/serve.ts"),
  ]);
  const version = "version" in health ? String(health.version) : "";
  let usedAt = surroundings.now().getTime();
  const server = await startConsole({
    page: serveConsole(await buildConsole(), { version, mayWrite }),
    api: forwardTo(transport, mayWrite),
    port: options.port,
    onRequest: () => {
      usedAt = surroundings.now().getTime();
    },
  });
  print.document({ url: server.url, write: mayWrite });
  print.say(server.url);
  print.note(
    `${mayWrite ? "It may change what the API lets you." : "Read-only: --write lets it change something."} Ctrl-C ends it, and half an hour without a request.`,
  );
  const isStopped = (): boolean => surroundings.interrupt.aborted;
  while (!isStopped() && surroundings.now().getTime() - usedAt < idleMs) {
    await surroundings.sleep(lookMs);
  }
  await server.close();
  return isStopped() ? "INTERRUPTED" : "DONE";
};

export const addConsole: AddCommands = (program, run) => {
  withExamples(program.command("console"), "spot console", "spot console --write --profile prod")
    .description("serve the console page on this machine, for the API that is meant")
    .option("--write", "let it change something; else it only shows")
    .option("--port <n>", "of 127.0.0.1; else a free one", wholeNumber(0, 65_535), 0)
    .action(run(serve));
};
