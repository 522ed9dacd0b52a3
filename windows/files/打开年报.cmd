@echo off
cd /d "%~dp0"
"python\python.exe" -m generator serve reports
if errorlevel 1 pause
