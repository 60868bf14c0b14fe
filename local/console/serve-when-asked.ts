/** The console page where most who start the program want its API alone: it is built when somebody first asks for it. */
import { isOfApi } from "./api-paths.ts";
import type { ServeConsole } from "./serve.ts";

/** @param open builds the page. It is called once. @returns undefined for what is not the page's */
export const serveWhenAsked = (
  open: () => Promise<ServeConsole>,
): ((request: Request) => Promise<Response | undefined>) => {
  let opened: Promise<ServeConsole> | undefined;
  return async (request) => {
    if (isOfApi(new URL(request.url).pathname)) return undefined;
    const serve = await (opened ??= open());
    return serve(request);
  };
};
