@echo off
rem PPDB: finds a JDK, builds on first use or after a source change, and starts the program.
rem Environment: JAVA_HOME picks the JDK; PPDB_JAVA_OPTS adds options to the JVM.
setlocal enabledelayedexpansion

set "home=%~dp0"
set "home=%home:~0,-1%"
set "jar=%home%\server\target\ppdb.jar"
set "benchmarks=%home%\benchmarks\target\benchmarks.jar"
rem Written after each build that has the engine for clusters; later ones have it too.
set "distributed=%home%\server\target\ppdb.distributed"

set "java_home="
if defined JAVA_HOME call :try_java "%JAVA_HOME%"
if not defined java_home for /f "delims=" %%j in ('where java 2^>nul') do (
  if not defined java_home for %%p in ("%%~dpj..") do call :try_java "%%~fp"
)
if not defined java_home for /d %%d in ("%ProgramFiles%\Java\*" "%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Microsoft\jdk-*" "%USERPROFILE%\.jdks\*") do (
  if not defined java_home call :try_java "%%~fd"
)
if not defined java_home (
  echo ppdb: needs a JDK 17 or newer; install one ^(winget install EclipseAdoptium.Temurin.17.JDK^) or let JAVA_HOME name one 1>&2
  exit /b 1
)

set "wants=program"
if "%~1"=="bench" call :bench_wants %*

set "engine=no"
if "%~1"=="cluster" set "engine=yes"
if "%~1 %~2"=="bench distributed" set "engine=yes"
call :find_store %*
set "lacking=0"
if "%engine%"=="yes" if not exist "%distributed%" set "lacking=1"
set "profiles="
if "%engine%"=="yes" set "profiles=-Pdistributed"
if exist "%distributed%" set "profiles=-Pdistributed"

if "%wants%"=="benchmarks" (
  call :is_stale "%benchmarks%"
  if %lacking%==1 set "stale=1"
  if !stale!==1 (
    echo ppdb: building the benchmarks, with their peers 1>&2
    call :build -Pbench %profiles% -pl server,benchmarks -am || exit /b 1
    copy /b "%jar%"+,, "%jar%" >nul
    copy /b "%benchmarks%"+,, "%benchmarks%" >nul
    if defined profiles type nul >"%distributed%"
  )
) else (
  call :is_stale "%jar%"
  if %lacking%==1 set "stale=1"
  if !stale!==1 (
    echo ppdb: building with Maven; the first time takes a minute or two 1>&2
    call :build %profiles% -pl server -am || exit /b 1
    copy /b "%jar%"+,, "%jar%" >nul
    if defined profiles type nul >"%distributed%"
  )
)

rem With delayed expansion, an exclamation mark in an argument would be lost.
setlocal disabledelayedexpansion
"%java_home%\bin\java" -Xlog:disable -Xlog:all=error:stderr "-Dppdb.home=%home%" "-Dppdb.hbase.libraries=%home%\kv-hbase\libraries\target\client" %PPDB_JAVA_OPTS% -jar "%jar%" %*
exit /b %errorlevel%

:bench_wants
rem Sets wants to benchmarks, or to program if only the help is asked for.
set "wants=benchmarks"
:next_argument
if "%~1"=="" exit /b 0
if "%~1"=="--help" set "wants=program"
if "%~1"=="-h" set "wants=program"
shift
goto next_argument

:find_store
rem Sets engine to yes if an argument names a store on a cluster.
if "%~1"=="" exit /b 0
set "argument=%~1"
if not "!argument:hbase://=!"=="!argument!" set "engine=yes"
shift
goto find_store

:try_java
rem Sets java_home to directory %1 if it holds a JDK that is new enough.
if not exist "%~1\bin\java.exe" exit /b 0
if not exist "%~1\release" exit /b 0
set "version="
for /f "tokens=2 delims==" %%v in ('findstr /b "JAVA_VERSION=" "%~1\release"') do set "version=%%~v"
for /f "tokens=1 delims=.-+" %%v in ("%version%") do if %%v geq 17 set "java_home=%~1"
exit /b 0

:is_stale
rem Sets stale to 1 if jar %1 is missing or older than a source it is made of.
set "stale=1"
if not exist "%~1" exit /b 0
set "PPDB_JAR=%~1"
set "PPDB_HOME=%home%"
powershell -NoProfile -Command "$t=(Get-Item -LiteralPath $env:PPDB_JAR).LastWriteTime; $f=Get-ChildItem -LiteralPath $env:PPDB_HOME -Recurse -File -ErrorAction SilentlyContinue | Where-Object { $_.LastWriteTime -gt $t -and ($_.FullName -match '\\src\\main\\' -or $_.Name -eq 'pom.xml' -or $_.FullName -match '\\data\\') -and $_.FullName -notmatch '\\target\\' }; if ($f) { exit 1 } else { exit 0 }" >nul 2>nul
if not errorlevel 1 set "stale=0"
exit /b 0

:build
where mvn >nul 2>nul
if errorlevel 1 (
  echo ppdb: building needs Maven 3.8.7 or newer: mvn is not on the PATH ^(winget install Apache.Maven^) 1>&2
  exit /b 1
)
set "log=%home%\server\target\ppdb-build.log"
if not exist "%home%\server\target" mkdir "%home%\server\target"
pushd "%home%"
set "JAVA_HOME=%java_home%"
call mvn -B -Pquick %* package >"%log%" 2>&1
set "status=%errorlevel%"
popd
if not "%status%"=="0" (
  findstr /b "[ERROR]" "%log%" 1>&2
  echo ppdb: the build failed; all of its output is in %log% 1>&2
  exit /b 1
)
exit /b 0
