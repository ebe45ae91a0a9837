package io.ppdb.database;

import io.ppdb.kv.sync.LeakDetectionContract;

class LeakDetectionTest extends LeakDetectionContract {}
