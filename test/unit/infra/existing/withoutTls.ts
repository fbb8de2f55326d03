import { type IncomingMessage, type RequestOptions, request } from "node:http";

/** In place of `request` of node:https, so that a server without a certificate can answer. */
export const withoutTls = {
  request: (
    url: string,
    { agent: _, ...options }: RequestOptions,
    done: (response: IncomingMessage) => void,
  ) => request(url, options, done),
};
