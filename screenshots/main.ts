import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import type { Config } from '../src/config.ts';
import { loadConfig } from '../src/config.ts';
import { startStandalone } from '../src/standalone.ts';
import { openCamera } from './camera.ts';
import type { Scenes } from './scenes.ts';
import { playScenes } from './scenes.ts';
import { takePictures } from './pictures.ts';
import { openStage } from './stage.ts';

const OUT_DIR = 'docs/temporal-ui';
const [executablePath = '/usr/bin/chromium'] = process.argv.slice(2);

/** On embedded servers and data of its own, whatever the environment says. */
function toOwnConfig(config: Config, dataDir: string): Config {
  return {
    ...config,
    dataDir,
    host: '127.0.0.1',
    port: 0,
    mongodbUri: undefined,
    temporal: { ...config.temporal, address: undefined, namespace: 'default', uiUrl: undefined },
    embedded: { mongodbPort: 0, temporalPort: 0, temporalUiPort: 0 },
  };
}

async function takeAll(scenes: Scenes, uiUrl: string): Promise<void> {
  await mkdir(OUT_DIR, { recursive: true });
  const camera = await openCamera({ uiUrl, executablePath, outDir: OUT_DIR });
  try {
    await takePictures(camera, scenes);
  } finally {
    await camera.close();
  }
}

/** Takes the pictures of docs/temporal-ui.md: a Tablehook and endpoints that behave on purpose, in a browser that is there. */
const dataDir = await mkdtemp(join(tmpdir(), 'tablehook-screenshots-'));
const say = (line: string) => process.stdout.write(`${line}\n`);
Runtime.install({ logger: new DefaultLogger('WARN') });
try {
  const tablehook = await startStandalone(toOwnConfig(loadConfig('standalone'), dataDir), {
    logger: pino({ level: 'error' }),
    onProgress: say,
  });
  const stage = openStage(tablehook);
  try {
    say('bringing about what is to be seen');
    const scenes = await playScenes(stage);
    say('taking pictures');
    await takeAll(scenes, tablehook.temporalUiUrl ?? '');
  } finally {
    stage.close();
    await tablehook.close();
  }
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
