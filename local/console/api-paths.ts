/** Which paths the console page leaves to the control API at the same port. */
export const isOfApi = (pathname: string): boolean =>
  pathname === "/api" || pathname.startsWith("/api/");
