// biome-ignore-all lint/style/noDefaultExport: the language host runs the default export
/** An entry point that hangs. */
const hang = () => new Promise<void>((resolve) => setTimeout(resolve, 600_000));

export { hang as default };
