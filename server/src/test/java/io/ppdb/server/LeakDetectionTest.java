package io.ppdb.server;

import io.ppdb.kv.sync.LeakDetectionContract;

class LeakDetectionTest extends LeakDetectionContract {}
