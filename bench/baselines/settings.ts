/** What the bench tells a baseline process, under the names Tablehook reads. */
export function readSettings(): { port: number; mongodbUri: string; temporalAddress: string } {
  const { PORT, MONGODB_URI, TEMPORAL_ADDRESS } = process.env;
  if (PORT === undefined || MONGODB_URI === undefined || TEMPORAL_ADDRESS === undefined) {
    throw new Error('PORT, MONGODB_URI and TEMPORAL_ADDRESS are the bench’s to set');
  }
  return { port: Number(PORT), mongodbUri: MONGODB_URI, temporalAddress: TEMPORAL_ADDRESS };
}
